package dev.ncwrelay.testkit.simulator;

import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.http.Route;
import dev.ncwrelay.testkit.webhook.Webhooks;
import java.util.ArrayList;
import java.util.List;

/** The simulator's HTTP API, for a Fireblocks that a test has started itself: programs in other languages direct it by that. */
public final class ControlApi {

    private ControlApi() {}

    /**
     * The routes below {@code /simulator}: webhooks, answers to calls, keys, wallets.
     *
     * @param webhooks how those that are asked for are sent, and where
     */
    public static List<Route> routes(FakeFireblocks fireblocks, Webhooks webhooks) {
        var routes = new ArrayList<Route>();
        routes.addAll(new WebhookControl(webhooks, fireblocks.keys()).routes());
        routes.addAll(new InvokeControl(fireblocks.invoke()).routes());
        routes.addAll(new KeyControl(fireblocks.keys(), fireblocks.jwks()).routes());
        routes.addAll(new WalletControl().routes());
        return routes;
    }
}
