package dev.ncwrelay.rpc.request;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SdkMethodTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"method\":\"poll_mpc_msg\"}",
                " {\"params\":[{\"method\":\"x\"}], \"method\" : \"poll_mpc_msg\", \"headers\":{\"method\":\"y\"}} ",
                "{\"method\":\"enroll_player\",\"method\":\"poll_mpc_msg\"}",
            })
    void of_readsTheMethodOfTheOuterObject(String payload) {
        assertThat(SdkMethod.of(payload).name()).isEqualTo("poll_mpc_msg");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "poll_mpc_msg",
                "\"poll_mpc_msg\"",
                "[{\"method\":\"poll_mpc_msg\"}]",
                "{\"params\":[{\"method\":\"poll_mpc_msg\"}]}",
                "{\"method\":7}",
                "{\"method\":\"poll_mpc_msg\",\"method\":null}",
                "{\"method\":\"poll_mpc_msg\"",
                "{\"method\":\"poll_mpc_msg\"} and more",
                "{\"method\":\"poll_mpc_msg\"} {}",
            })
    void of_returnsNoneWithoutAMethod(String payload) {
        assertThat(SdkMethod.of(payload).name()).isEmpty();
    }

    @Property(tries = 200)
    void of_neverThrows(@ForAll String payload) {
        assertThat(SdkMethod.of(payload)).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "poll_mpc_msg, true",
        "broadcast_mpc_msg, true",
        "send_mpc_public_keys, true",
        "get_service_certificates, true",
        "get_all_keys, true",
        "poll_add_device_msg, false",
        "ack_mpc_msg, false",
        "enroll_player, false",
        "request_mpc_setup, false",
        "'', false",
        "POLL_MPC_MSG, false",
    })
    void repeatable_methodsAreThoseTheSdkRepeatsOrThatOnlyRead(String method, boolean repeatable) {
        assertThat(new SdkMethod(method).repeatable()).isEqualTo(repeatable);
    }
}
