package dev.ncwrelay.testkit.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LargeKeysTest {

    @Test
    void keys_haveTheSizeOfFireblocks_andDifferUntilAllWereGiven() {
        var keys = IntStream.range(0, LargeKeys.COUNT)
                .mapToObj(index -> SigningKey.ofFireblocksSize("key-" + index))
                .toList();

        assertThat(keys)
                .allSatisfy(key ->
                        assertThat(key.publicKey().getModulus().bitLength()).isEqualTo(4096));
        assertThat(keys).extracting(SigningKey::publicKey).doesNotHaveDuplicates();
        assertThat(keys.getFirst().kid()).isEqualTo("key-0");
    }
}
