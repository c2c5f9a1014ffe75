package dev.ncwrelay.local.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {

    @TempDir
    private Path path;

    @Test
    void partitions_areChosenBeforeTheFirstStart_andStay() {
        var folder = new RunFolder(path.resolve("stack"));
        assertThat(folder.partitions()).isEqualTo(12);

        assertThat(folder.choosePartitions(128)).isTrue();
        assertThat(folder.data("kafka")).doesNotExist();

        assertThat(folder.partitions()).isEqualTo(128);
        assertThat(folder.choosePartitions(128)).isTrue();
        assertThat(folder.choosePartitions(12)).isFalse();
        folder.clear();
        assertThat(folder.partitions()).isEqualTo(12);
    }

    @Test
    void nodes_areThoseChosenLast() {
        var folder = new RunFolder(path.resolve("stack"));
        assertThat(folder.nodes()).isOne();

        folder.chooseNodes(3);
        assertThat(folder.nodes()).isEqualTo(3);
        folder.chooseNodes(2);
        assertThat(folder.nodes()).isEqualTo(2);
    }

    @Test
    void fileThatHasNoNumber_isNamed() throws IOException {
        var folder = new RunFolder(path);
        Files.writeString(path.resolve("nodes"), "3\n");
        assertThat(folder.nodes()).isEqualTo(3);

        Files.writeString(path.resolve("nodes"), "");
        assertThatThrownBy(folder::nodes)
                .hasMessage(path.resolve("nodes") + " must contain a number from 1: correct or delete it");
    }
}
