package dev.ncwrelay.rpc;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = PackagesTest.ROOT, importOptions = DoNotIncludeTests.class)
class PackagesTest {

    static final String ROOT = "dev.ncwrelay.rpc";

    @ArchTest
    static final ArchRule packages_haveNoCycles =
            slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

    /** The layers in the order of the flow; each imports layers before it only. */
    @ArchTest
    static final ArchRule layers_importOnlyThoseBeforeThem = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("request")
            .definedBy(ROOT + ".request..")
            .layer("credentials")
            .definedBy(ROOT + ".credentials..")
            .layer("sign")
            .definedBy(ROOT + ".sign..")
            .layer("limit")
            .definedBy(ROOT + ".limit..")
            .layer("call")
            .definedBy(ROOT + ".call..")
            .layer("reply")
            .definedBy(ROOT + ".reply..")
            .layer("dispatch")
            .definedBy(ROOT + ".dispatch..")
            .layer("partition")
            .definedBy(ROOT + ".partition..")
            .layer("consume")
            .definedBy(ROOT + ".consume..")
            .whereLayer("credentials")
            .mayOnlyBeAccessedByLayers("sign", "limit", "call")
            .whereLayer("sign")
            .mayOnlyBeAccessedByLayers("call")
            .whereLayer("limit")
            .mayOnlyBeAccessedByLayers("call", "consume")
            .whereLayer("call")
            .mayOnlyBeAccessedByLayers("reply", "consume")
            .whereLayer("reply")
            .mayOnlyBeAccessedByLayers("consume")
            .whereLayer("dispatch")
            .mayOnlyBeAccessedByLayers("partition", "consume")
            .whereLayer("partition")
            .mayOnlyBeAccessedByLayers("consume")
            .whereLayer("consume")
            .mayNotBeAccessedByAnyLayer();

    @ArchTest
    static final ArchRule http_isUsedInOneLayer = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".call..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("okhttp3..");

    @ArchTest
    static final ArchRule root_holdsTheApplicationOnly = classes()
            .that()
            .resideInAPackage(ROOT)
            .should()
            .haveSimpleName("RpcApplication")
            .orShould()
            .haveSimpleName("package-info");
}
