package dev.ncwrelay.testkit.samples;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Every documented payload by name. {@code fireblocks/INDEX.md} has the source of each. */
public final class Samples {
    private static final List<String> V1_WEBHOOKS = List.of(
            "END_USER_WALLET_BALANCE_UPDATE",
            "NCW_ACCOUNT_CREATED",
            "NCW_ADD_DEVICE_SETUP_REQUESTED",
            "NCW_ASSET_CREATED",
            "NCW_CREATED",
            "NCW_DEVICE_MESSAGE",
            "NCW_DEVICE_MESSAGE.docs-variant",
            "NCW_DEVICE_MESSAGE.nested-variant",
            "NCW_TRANSACTION_STATUS_UPDATED",
            "TRANSACTION_CREATED.docs",
            "TRANSACTION_CREATED.end-user-wallet",
            "TRANSACTION_STATUS_UPDATED.docs");

    private static final List<String> V2_WEBHOOKS = List.of(
            "embedded_wallet.account.created",
            "embedded_wallet.asset.added",
            "embedded_wallet.asset.balance_updated",
            "embedded_wallet.created",
            "embedded_wallet.device.added",
            "embedded_wallet.status.updated",
            "transaction.created.docs",
            "transaction.status.updated.end-user-wallet",
            "vault_account.asset.added.docs");

    private static final List<String> OTHERS = List.of(
            "http-error.auth-iat",
            "http-error.ncw-docs",
            "http-error.unknown-route",
            "jwks.docs",
            "rest.device",
            "rest.devices_paginated",
            "rest.wallet-setup_status",
            "rpc-fireblocks-request.invoke",
            "rpc-fireblocks-response.error",
            "rpc-fireblocks-response.result",
            "rpc-sdk-outgoing.get_service_certificates",
            "rpc-sdk-outgoing.poll_mpc_msg",
            "v2-webhook-event-enum");

    private Samples() {}

    /** A v1 webhook, for example {@code NCW_DEVICE_MESSAGE.nested-variant}. */
    public static Sample v1(String name) {
        return named("v1-" + name);
    }

    /** A v2 webhook, for example {@code transaction.status.updated.end-user-wallet}. */
    public static Sample v2(String name) {
        return named("v2-" + name);
    }

    /** Any sample by its file name without {@code .json}. */
    public static Sample named(String name) {
        return new Sample(name, Resource.text("samples/" + name + ".json"));
    }

    /** Every sample that is a webhook, v1 first. */
    public static List<Sample> webhooks() {
        return Stream.concat(
                        V1_WEBHOOKS.stream().map(Samples::v1),
                        V2_WEBHOOKS.stream().map(Samples::v2))
                .toList();
    }

    /** Every sample, webhooks first. */
    public static List<Sample> all() {
        var all = new ArrayList<>(webhooks());
        OTHERS.stream().map(Samples::named).forEach(all::add);
        return List.copyOf(all);
    }

    /** The event types of webhooks v2 that Fireblocks lists; the list grows, so others are possible. */
    public static List<String> v2EventTypes() {
        return named("v2-webhook-event-enum")
                .json()
                .get("enum")
                .valueStream()
                .map(JsonNode::asString)
                .toList();
    }
}
