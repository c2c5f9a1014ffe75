package dev.ncwrelay.rsa;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class RsaConfigurationTest {

    private final ApplicationContextRunner service =
            new ApplicationContextRunner().withUserConfiguration(RsaConfiguration.class);

    @Test
    void fastestImplementation_isTheDefault_andIsShownInHealth() {
        service.run(context -> {
            assertThat(context.getBean(RsaProvider.class)).isEqualTo(RsaProvider.fastest());
            assertThat(context.getBean("rsaHealthIndicator", HealthIndicator.class)
                            .health())
                    .isEqualTo(Health.up()
                            .withDetail("provider", RsaProvider.fastest().title())
                            .build());
        });
    }

    @Test
    void jdksImplementation_isUsedWhenNativeCodeIsSwitchedOff() {
        service.withPropertyValues("relay.rsa.native-code=false")
                .run(context -> assertThat(context.getBean(RsaProvider.class)).isEqualTo(RsaProvider.ofJdk()));
    }

    @Test
    void unknownKey_stopsTheStart() {
        service.withPropertyValues("relay.rsa.unknown=1")
                .run(context -> assertThat(context).hasFailed());
    }
}
