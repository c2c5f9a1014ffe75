package dev.ncwrelay.ingress;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = PackagesTest.ROOT, importOptions = DoNotIncludeTests.class)
class PackagesTest {

    static final String ROOT = "dev.ncwrelay.ingress";

    @ArchTest
    static final ArchRule packages_haveNoCycle =
            slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule root_holdsTheApplicationAlone = classes()
            .that()
            .resideInAPackage(ROOT)
            .and()
            .doNotHaveSimpleName("package-info")
            .should()
            .haveSimpleName("IngressApplication");

    @ArchTest
    static final ArchRule root_importsNoStep = noClasses()
            .that()
            .resideInAPackage(ROOT)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + ".*..");

    @ArchTest
    static final ArchRule steps_knowNoEdge = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".webhook..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + ".webhook..");

    @ArchTest
    static final ArchRule steps_knowNoRedrive = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".redrive..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + ".redrive..");
}
