package dev.ncwrelay.delivery;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = PackagesTest.ROOT, importOptions = DoNotIncludeTests.class)
class PackagesTest {

    static final String ROOT = "dev.ncwrelay.delivery";

    private static final String[] EDGES = {
        ROOT + ".messages.longpoll..",
        ROOT + ".messages.sse..",
        ROOT + ".messages.websocket..",
        ROOT + ".messages.compat..",
        ROOT + ".rpc",
        ROOT + ".device",
        ROOT + ".demo",
        ROOT + ".channel"
    };

    @ArchTest
    static final ArchRule features_haveNoCycle =
            slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule packages_haveNoCycle =
            slices().matching(ROOT + ".(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule root_holdsTheApplicationAlone = classes()
            .that()
            .resideInAPackage(ROOT)
            .and()
            .doNotHaveSimpleName("package-info")
            .should()
            .haveSimpleName("DeliveryApplication");

    @ArchTest
    static final ArchRule root_importsNoFeature = noClasses()
            .that()
            .resideInAPackage(ROOT)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + ".*..");

    @ArchTest
    static final ArchRule core_importsNoEdge = noClasses()
            .that()
            .resideOutsideOfPackages(EDGES)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(EDGES);

    @ArchTest
    static final ArchRule edges_doNotImportEachOther = slices().matching(
                    ROOT + ".messages.(longpoll|sse|websocket|compat)..")
            .should()
            .notDependOnEachOther();

    @ArchTest
    static final ArchRule messages_importNoOtherEdge = noClasses()
            .that()
            .resideInAPackage(ROOT + ".messages..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOT + ".rpc", ROOT + ".device..", ROOT + ".demo..", ROOT + ".channel");

    /** Only edges and what serves HTTP itself know HTTP; the core names a {@code Failure}, which they map. */
    @ArchTest
    static final ArchRule core_knowsNoHttp = noClasses()
            .that()
            .resideInAnyPackage(
                    ROOT + ".failure..",
                    ROOT + ".limit..",
                    ROOT + ".memory..",
                    ROOT + ".signing..",
                    ROOT + ".offset..",
                    ROOT + ".channel.kind..",
                    ROOT + ".channel.registry..",
                    ROOT + ".channel.rabbitmq..",
                    ROOT + ".channel.kafka..",
                    ROOT + ".channel.fcm..",
                    ROOT + ".demo.user..",
                    ROOT + ".demo.wallet..",
                    ROOT + ".messages.feed..",
                    ROOT + ".messages.ack..",
                    ROOT + ".messages.mailbox..",
                    ROOT + ".messages.stream..",
                    ROOT + ".messages.wait..",
                    ROOT + ".messages.subscription..",
                    ROOT + ".rpc.call..",
                    ROOT + ".rpc.reply..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOT + ".problem..", "org.springframework.web..", "org.springframework.http..");
}
