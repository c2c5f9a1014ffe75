package dev.ncwrelay.testkit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.ncwrelay.testkit", importOptions = DoNotIncludeTests.class)
class PackagesTest {

    @ArchTest
    static final ArchRule packages_haveNoCycles =
            slices().matching("dev.ncwrelay.testkit.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule fireblocks_knowsNothingOfTheRelay = noClasses()
            .that()
            .resideOutsideOfPackage("dev.ncwrelay.testkit.kafka..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.ncwrelay.schemas..", "dev.ncwrelay.kafka..", "dev.ncwrelay.avro..");

    @ArchTest
    static final ArchRule signatures_areMadeWithoutALibraryUnderTest =
            noClasses().should().dependOnClassesThat().resideInAPackage("com.nimbusds..");
}
