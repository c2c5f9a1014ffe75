package dev.ncwrelay.rpc;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.ncwrelay.rpc", importOptions = DoNotIncludeTests.class)
class PackagesTest {

    @ArchTest
    static final ArchRule packages_haveNoCycles =
            slices().matching("dev.ncwrelay.rpc.(*)..").should().beFreeOfCycles();

    /** request <- sign <- call <- reply <- consume and progress, request <- takeover <- consume, where an arrow points at what is imported. */
    @ArchTest
    static final ArchRule steps_importOnlyStepsBeforeThem = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("request")
            .definedBy("dev.ncwrelay.rpc.request..")
            .layer("sign")
            .definedBy("dev.ncwrelay.rpc.sign..")
            .layer("call")
            .definedBy("dev.ncwrelay.rpc.call..")
            .layer("reply")
            .definedBy("dev.ncwrelay.rpc.reply..")
            .layer("progress")
            .definedBy("dev.ncwrelay.rpc.progress..")
            .layer("takeover")
            .definedBy("dev.ncwrelay.rpc.takeover..")
            .layer("dispatch")
            .definedBy("dev.ncwrelay.rpc.dispatch..")
            .layer("consume")
            .definedBy("dev.ncwrelay.rpc.consume..")
            .whereLayer("sign")
            .mayOnlyBeAccessedByLayers("call")
            .whereLayer("call")
            .mayOnlyBeAccessedByLayers("reply", "consume")
            .whereLayer("reply")
            .mayOnlyBeAccessedByLayers("consume")
            .whereLayer("progress")
            .mayOnlyBeAccessedByLayers("takeover", "consume")
            .whereLayer("takeover")
            .mayOnlyBeAccessedByLayers("consume")
            .whereLayer("dispatch")
            .mayOnlyBeAccessedByLayers("consume")
            .whereLayer("consume")
            .mayNotBeAccessedByAnyLayer();

    @ArchTest
    static final ArchRule http_isSpokenInOneStep = noClasses()
            .that()
            .resideOutsideOfPackage("dev.ncwrelay.rpc.call..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("okhttp3..");

    @ArchTest
    static final ArchRule root_holdsTheApplicationOnly = classes()
            .that()
            .resideInAPackage("dev.ncwrelay.rpc")
            .should()
            .haveSimpleName("RpcApplication")
            .orShould()
            .haveSimpleName("package-info");
}
