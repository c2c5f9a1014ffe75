package dev.ncwrelay.channel;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = PackagesTest.ROOT, importOptions = DoNotIncludeTests.class)
class PackagesTest {

    static final String ROOT = "dev.ncwrelay.channel";

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
            .haveSimpleName("ChannelApplication");

    @ArchTest
    static final ArchRule nothing_knowsRabbitMq = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".rabbitmq..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + ".rabbitmq..");

    @ArchTest
    static final ArchRule nothing_knowsKafkaForClients = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".kafka..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + ".kafka..");

    @ArchTest
    static final ArchRule nothing_knowsFcm = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".fcm..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOT + ".fcm..", "com.google.firebase..", "com.google.auth..");

    @ArchTest
    static final ArchRule core_knowsNoSpringContext = noClasses()
            .that()
            .resideInAnyPackage(ROOT + ".consume..", ROOT + ".forward..", ROOT + ".wake..", ROOT + ".subscription..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework.context..", "org.springframework.boot..");
}
