package dev.ncwrelay.delivery.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

class ChannelBodyTest {

    @Test
    void object_isReadByItsMembers() {
        assertThat(members("{}")).isEmpty();
        assertThat(members("null")).isEmpty();
        assertThat(members("{\"platform\":\"ios\"}")).isEqualTo(Map.of("platform", "ios"));
        assertThat(members("{\"platform\":null}")).containsOnlyKeys("platform");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"text\"", "1", "{", "{}}"})
    void anythingElse_isRefused(String json) {
        assertThatThrownBy(() -> members(json)).isInstanceOf(JacksonException.class);
    }

    @Test
    void values_areNotShown() {
        assertThat(new ChannelBody(Map.of("token", "secret")).toString()).doesNotContain("secret");
    }

    private static Map<String, Object> members(String json) {
        return ChannelBody.membersOf(JsonMapper.shared().readValue(json, ChannelBody.class));
    }
}
