package dev.ncwrelay.rpc.reply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.avro.RpcOutcome;
import dev.ncwrelay.avro.RpcReply;
import dev.ncwrelay.avro.RpcRequest;
import dev.ncwrelay.rpc.call.CallResult;
import dev.ncwrelay.rpc.call.FireblocksResponse;
import dev.ncwrelay.rpc.call.Outcome;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReplyMapperTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final FireblocksResponse ANSWER =
            new FireblocksResponse(409, null, "3", null, ByteString.encodeUtf8("ü\0"));

    @Test
    void response_isMappedUnchanged() {
        var reply = reply(new Outcome.Refused(ANSWER));

        assertThat(reply.getRequestId()).isEqualTo("request-1");
        assertThat(reply.getDeviceId()).isEqualTo("device-1");
        assertThat(reply.getStatus()).isEqualTo(409);
        assertThat(reply.getContentType()).isNull();
        assertThat(reply.getBody()).isEqualTo(ANSWER.body().asByteBuffer());
        assertThat(reply.getCompletedAt()).isEqualTo(NOW);
        assertThat(reply.getUpstreamMillis()).isEqualTo(1_234);
    }

    static Stream<Arguments> outcomes() {
        return Stream.of(
                Arguments.of(new Outcome.Answered(ANSWER), RpcOutcome.ANSWERED, false),
                Arguments.of(new Outcome.Refused(ANSWER), RpcOutcome.REFUSED, false),
                Arguments.of(new Outcome.Unreachable("why"), RpcOutcome.UNREACHABLE, true),
                Arguments.of(new Outcome.NotSigned("why"), RpcOutcome.UNREACHABLE, true),
                Arguments.of(new Outcome.TimedOut("why"), RpcOutcome.TIMED_OUT, true),
                Arguments.of(new Outcome.Expired(), RpcOutcome.EXPIRED, true),
                Arguments.of(new Outcome.Ambiguous("why", true), RpcOutcome.AMBIGUOUS, true));
    }

    @ParameterizedTest
    @MethodSource("outcomes")
    void outcome_hasACodeAndADetail(Outcome outcome, RpcOutcome name, boolean explained) {
        var reply = reply(outcome);

        assertThat(reply.getOutcome()).isEqualTo(name);
        assertThat(reply.getDetail() != null).isEqualTo(explained);
        assertThat(reply.getBody() == null).isEqualTo(explained);
    }

    private static RpcReply reply(Outcome outcome) {
        var request = RpcRequest.newBuilder()
                .setRequestId("request-1")
                .setDeviceId("device-1")
                .setWalletId("wallet-1")
                .setPayload(ByteBuffer.allocate(0))
                .setCreatedAt(NOW)
                .setDeadline(NOW)
                .build();
        return ReplyMapper.of(request, new CallResult(outcome, Duration.ofMillis(1_234)), NOW);
    }
}
