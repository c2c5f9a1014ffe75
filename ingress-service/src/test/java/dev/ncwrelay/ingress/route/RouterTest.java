package dev.ncwrelay.ingress.route;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.ingress.decode.DecodedWebhook.DeviceMessage;
import dev.ncwrelay.ingress.decode.DecodedWebhook.WalletEvent;
import dev.ncwrelay.ingress.decode.DecodedWebhook.WorkspaceNotice;
import dev.ncwrelay.ingress.decode.EventMetadata;
import dev.ncwrelay.ingress.route.Destination.ToDevice;
import dev.ncwrelay.ingress.route.Destination.ToWallet;
import dev.ncwrelay.ingress.route.Destination.ToWorkspace;
import dev.ncwrelay.testkit.kafka.SharedStack;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("kafka")
class RouterTest {

    private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");
    private static final EventMetadata META =
            new EventMetadata("e1", "any.type", "ws", "r1", CREATED, CREATED.plusSeconds(1));
    private static final SharedStack STACK = SharedStack.get();
    private static final Devices DEVICES = new Devices(STACK.connection(), STACK.codec());
    private static final DeviceRegistry REGISTRY = new DeviceRegistry(
            STACK.connection(),
            STACK.codec(),
            letter -> {
                throw new AssertionError("unreadable device");
            },
            "router-test");

    private final Router router = new Router(REGISTRY);
    private final String run = UUID.randomUUID().toString();

    @AfterAll
    static void stop() {
        REGISTRY.close();
        DEVICES.close();
    }

    @Test
    void route_sendsADeviceMessageToItsDevice_registeredOrNot() {
        var message = new DeviceMessage(META, "d1", "w1", "p1", data());

        assertThat(router.route(message)).singleElement().isInstanceOfSatisfying(ToDevice.class, to -> {
            assertThat(to.deviceId()).isEqualTo("d1");
            assertThat(to.event().getDeviceId()).isEqualTo("d1");
            assertThat(to.event().getWalletId()).isEqualTo("w1");
            assertThat(to.event().getPhysicalDeviceId()).isEqualTo("p1");
            assertThat(to.event().getEventId()).isEqualTo("e1");
            assertThat(to.event().getCreatedAt()).isEqualTo(CREATED);
            assertThat(to.event().getTenant()).isNull();
            assertThat(to.event().getData()).isEqualTo(data());
        });
    }

    @Test
    void route_sendsAWalletEventOnceToEachDeviceOfEachWallet() {
        register("d1", "w1");
        register("d2", "w1");
        register("d3", "w2");
        register("d4", "w3");

        assertThat(router.route(event(null, "w1", "w2")))
                .allSatisfy(to -> assertThat(to).isInstanceOf(ToDevice.class))
                .extracting(RouterTest::key)
                .containsExactlyInAnyOrder(id("d1"), id("d2"), id("d3"));
    }

    @Test
    void event_hasTheTenantOfItsDevice() {
        register("d1", "w1");

        assertThat(router.route(event(null, "w1")))
                .singleElement()
                .isInstanceOfSatisfying(
                        ToDevice.class, to -> assertThat(to.event().getTenant()).isEqualTo(Devices.TENANT));
        assertThat(router.route(new DeviceMessage(META, id("d1"), null, null, data())))
                .singleElement()
                .isInstanceOfSatisfying(
                        ToDevice.class, to -> assertThat(to.event().getTenant()).isEqualTo(Devices.TENANT));
    }

    @Test
    void route_keepsTheEventForWalletsWithoutDevice() {
        register("d1", "w1");

        var destinations = router.route(event(null, "w1", "w2"));

        assertThat(destinations).extracting(RouterTest::key).containsExactlyInAnyOrder(id("d1"), id("w2"));
        assertThat(destinations)
                .hasAtLeastOneElementOfType(ToDevice.class)
                .anySatisfy(to -> assertThat(to).isInstanceOfSatisfying(ToWallet.class, kept -> {
                    assertThat(kept.event().getDeviceId()).isNull();
                    assertThat(kept.event().getTenant()).isNull();
                    assertThat(kept.event().getWalletId()).isEqualTo(id("w2"));
                }));
    }

    @Test
    void route_sendsADeviceAdditionToTheOtherDevices() {
        register("old", "w1");
        register("new", "w1");

        assertThat(router.route(event(id("new"), "w1"))).singleElement().isInstanceOfSatisfying(ToDevice.class, to -> {
            assertThat(to.deviceId()).isEqualTo(id("old"));
            assertThat(to.event().getRequestingDeviceId()).isEqualTo(id("new"));
        });
    }

    @Test
    void route_keepsADeviceAdditionOfAWalletWithoutOtherDevices() {
        register("new", "w1");

        assertThat(router.route(event(id("new"), "w1")))
                .singleElement()
                .isInstanceOfSatisfying(
                        ToWallet.class,
                        to -> assertThat(to.event().getRequestingDeviceId()).isEqualTo(id("new")));
    }

    @Test
    void route_keysWorkspaceEventsByResourceOrEventId() {
        var withoutResource = new EventMetadata("e2", "any.type", null, null, CREATED, CREATED);

        assertThat(router.route(new WorkspaceNotice(META, data())))
                .singleElement()
                .isInstanceOfSatisfying(ToWorkspace.class, to -> {
                    assertThat(to.key()).isEqualTo("r1");
                    assertThat(to.event().getEventType()).isEqualTo("any.type");
                });
        assertThat(router.route(new WorkspaceNotice(withoutResource, data())))
                .extracting(RouterTest::key)
                .isEqualTo(List.of("e2"));
    }

    private void register(String device, String wallet) {
        DEVICES.register(REGISTRY, id(device), id(wallet));
    }

    private WalletEvent event(@Nullable String requesting, String... wallets) {
        return new WalletEvent(
                META, Set.of(wallets).stream().map(this::id).collect(Collectors.toSet()), requesting, data());
    }

    private String id(String name) {
        return name + "-" + run;
    }

    private static String key(Destination destination) {
        return switch (destination) {
            case ToDevice to -> to.deviceId();
            case ToWallet to -> to.walletId();
            case ToWorkspace to -> to.key();
        };
    }

    private static ByteBuffer data() {
        return ByteBuffer.wrap("{\"a\":1}".getBytes(UTF_8));
    }
}
