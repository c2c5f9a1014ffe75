package dev.ncwrelay.testkit.invoke;

import dev.ncwrelay.testkit.http.Abort;
import dev.ncwrelay.testkit.http.Answer;
import dev.ncwrelay.testkit.http.Bytes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** The answers of the invoke RPC, in Fireblocks' own forms. Each can be held, slowed, truncated: see {@link Answer}. */
public final class InvokeAnswer {

    private InvokeAnswer() {}

    /**
     * The default answer of a call: a result with the payload's method and its SHA-256, so
     * that an answer can be matched with its call. The same payload always gets the same bytes.
     */
    public static Answer.Reply echo(String payload) {
        var result = new LinkedHashMap<String, Object>();
        result.put("simulated", true);
        result.put("method", InvokeCall.methodOf(payload));
        result.put("payloadSha256", Bytes.utf8(payload).sha256());
        return Answer.json(200, Map.of("result", result));
    }

    /** {@code {"result": "<text>"}} with status 200. */
    public static Answer.Reply result(String text) {
        return Answer.json(200, Map.of("result", text));
    }

    /** {@code {"error": {"message": ..., "code": ...}}} with status 200: the RPC was carried out and failed. */
    public static Answer.Reply error(String message, int code) {
        var error = new LinkedHashMap<String, Object>();
        error.put("message", message);
        error.put("code", code);
        return Answer.json(200, Map.of("error", error));
    }

    /** Exactly this body, with status 200 and type application/json. */
    public static Answer.Reply body(byte[] body) {
        return Answer.reply(200, "application/json", Bytes.of(body));
    }

    /** A refusal in Fireblocks' general form, {@code {"message": ..., "code": ...}}. */
    public static Answer.Reply refusal(int status, String message, int code) {
        var refusal = new LinkedHashMap<String, Object>();
        refusal.put("message", message);
        refusal.put("code", code);
        return Answer.json(status, refusal);
    }

    /** A failure of Fireblocks' front end, with a body that is not JSON. */
    public static Answer.Reply status(int status) {
        return Answer.reply(status, "text/html", Bytes.utf8("<html><body>" + status + "</body></html>"));
    }

    /** Reads the call and ends the connection without a byte. */
    public static Answer.Cut cut(Abort abort) {
        return new Answer.Cut(abort, Duration.ZERO);
    }
}
