package dev.ncwrelay.delivery.rpc;

import dev.ncwrelay.delivery.reply.Reply;
import java.nio.ByteBuffer;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/**
 * What the app hears. Whatever Fireblocks answered to the call is 200 and untouched, errors included: the SDK reads
 * them, and loses them behind any other status. All else is a problem with a stable {@code code}.
 */
final class RpcAnswer {

    private RpcAnswer() {}

    static ResponseEntity<byte[]> answered(Reply.Answered reply) {
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .cacheControl(CacheControl.noStore())
                .body(bytes(reply.body()));
    }

    private static byte[] bytes(ByteBuffer body) {
        var bytes = new byte[body.remaining()];
        body.duplicate().get(bytes);
        return bytes;
    }
}
