package dev.ncwrelay.kafka.access;

import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.schemas.Topics;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KafkaAccessTest {

    @Test
    void access_collectsTheOperationsOfEachTopic() {
        var access = KafkaAccess.none()
                .tail(Topics.DEVICES)
                .write(Topics.DEVICES.name())
                .own("changelog")
                .group("group");

        assertThat(access.topics())
                .isEqualTo(Map.of(
                        "ncw.devices", Set.of(READ, WRITE, DESCRIBE_CONFIGS),
                        "ncw.devices.dlt", Set.of(WRITE, DESCRIBE_CONFIGS),
                        "changelog", Set.of(CREATE, READ, WRITE, DESCRIBE_CONFIGS)));
        assertThat(access.groups()).containsExactly("group");
    }

    @Test
    void parts_addUp() {
        var first = KafkaAccess.none().read("topic").group("one");
        var second = KafkaAccess.none().write("topic").group("two");

        assertThat(first.and(second))
                .isEqualTo(
                        new KafkaAccess(Map.of("topic", Set.of(READ, WRITE, DESCRIBE_CONFIGS)), Set.of("one", "two")));
    }
}
