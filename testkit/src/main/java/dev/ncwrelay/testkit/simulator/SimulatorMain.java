package dev.ncwrelay.testkit.simulator;

import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;

/** Runs the simulator until the process ends. */
public final class SimulatorMain {

    private SimulatorMain() {}

    /**
     * Starts the simulator with the settings of {@code SIMULATOR_...} variables and {@code --...=} options, and prints
     * one line when it serves. Ends with status 2 on a wrong setting and 1 when it cannot start.
     */
    public static void main(String... arguments) throws InterruptedException {
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "simulator-logback.xml");
        }
        try {
            var settings = SimulatorSettings.read(System.getenv(), arguments);
            var simulator = Simulator.start(settings);
            Runtime.getRuntime().addShutdownHook(new Thread(simulator::close, "simulator-stop"));
            System.out.println(
                    "simulator ready on " + simulator.url() + ", webhooks go to " + settings.webhookTarget());
        } catch (IllegalArgumentException wrongSetting) {
            System.err.println("simulator: " + wrongSetting.getMessage());
            System.exit(2);
        } catch (IllegalStateException | UncheckedIOException failure) {
            System.err.println("simulator: " + failure.getMessage());
            System.exit(1);
        }
        // The server's threads do not keep the process alive.
        new CountDownLatch(1).await();
    }
}
