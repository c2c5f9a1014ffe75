package dev.ncwrelay.bench.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.local.process.Component;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OptimizingJvmTest {

    @Test
    void part_runsWithoutTheLimitOfItsCompiler_andWithFurtherOptions() {
        var part = new Component(
                "delivery-service",
                1,
                List.of("java", "-Xmx512m", "-XX:TieredStopAtLevel=1", "-jar", "service.jar"),
                Map.of(),
                null,
                () -> true,
                Duration.ZERO);

        var optimizing = OptimizingJvm.of(part, List.of("-Xms16m"));

        assertThat(optimizing.command()).containsExactly("java", "-Xmx512m", "-Xms16m", "-jar", "service.jar");
        assertThat(OptimizingJvm.options(optimizing)).containsExactly("-Xmx512m", "-Xms16m");
    }
}
