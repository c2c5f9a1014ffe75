package dev.ncwrelay.devices;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class DeviceIndexTest {

    private static final List<String> DEVICES = List.of("d1", "d2", "d3", "d4");
    private static final List<String> WALLETS = List.of("w1", "w2", "w3");

    /** A registration, or a removal where the wallet is empty. */
    record Change(String device, String wallet) {}

    @Provide
    Arbitrary<List<Change>> changes() {
        return Combinators.combine(Arbitraries.of(DEVICES), Arbitraries.of("w1", "w2", "w3", ""))
                .as(Change::new)
                .list()
                .ofMaxSize(40);
    }

    @Property
    void index_equalsANaiveModel_afterAnyChanges(@ForAll("changes") List<Change> changes) {
        // Given
        var index = new DeviceIndex();
        var model = new HashMap<String, String>();

        // When
        for (var change : changes) {
            if (change.wallet().isEmpty()) {
                index.remove(change.device());
                model.remove(change.device());
            } else {
                index.put(device(change.device(), change.wallet()));
                model.put(change.device(), change.wallet());
            }
        }

        // Then
        assertThat(index.size()).isEqualTo(model.size());
        for (var id : DEVICES) {
            assertThat(index.device(id).map(RegisteredDevice::walletId).orElse(null))
                    .isEqualTo(model.get(id));
        }
        for (var wallet : WALLETS) {
            assertThat(index.devicesOf(wallet))
                    .extracting(RegisteredDevice::deviceId)
                    .containsExactlyInAnyOrderElementsOf(DEVICES.stream()
                            .filter(id -> wallet.equals(model.get(id)))
                            .toList());
        }
    }

    private static RegisteredDevice device(String id, String wallet) {
        return new RegisteredDevice(id, wallet, "user", null, Instant.EPOCH, Instant.EPOCH, 0, -1, null);
    }
}
