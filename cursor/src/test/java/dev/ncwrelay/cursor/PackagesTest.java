package dev.ncwrelay.cursor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.ncwrelay.cursor", importOptions = DoNotIncludeTests.class)
class PackagesTest {

    /** Services with different libraries use it. */
    @ArchTest
    static final ArchRule cursor_needsTheJdkAlone = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("dev.ncwrelay.cursor", "java..", "javax.crypto..", "org.jspecify..");
}
