package dev.ncwrelay.client;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;

/** A poll's answer: messages, oldest first, and the cursor to continue with. */
record Page(List<Message> messages, String next) {

    Page {
        messages = List.copyOf(messages);
    }

    /** Throws a RelayException with the code {@code malformed} when it is none: a captive portal's page, for example. */
    static Page parse(String body) {
        try {
            var page = JsonObject.parse(body);
            return new Page(page.objects("messages").stream().map(Page::message).toList(), page.text("next"));
        } catch (MalformedJsonException e) {
            throw new RelayException("malformed", "the answer is no page of messages", e);
        }
    }

    /** A message as every transport has it. */
    static Message message(JsonObject json) {
        return new Message(
                json.text("id"),
                json.text("cursor"),
                json.text("type"),
                instant(json.text("createdAt")),
                json.string("walletId"),
                json.string("physicalDeviceId"),
                json.raw("data"));
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new MalformedJsonException("the time createdAt", 0);
        }
    }
}
