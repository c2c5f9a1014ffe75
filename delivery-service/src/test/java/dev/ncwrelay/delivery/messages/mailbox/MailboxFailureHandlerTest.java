package dev.ncwrelay.delivery.messages.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.junit.jupiter.api.Test;

class MailboxFailureHandlerTest {

    private final MailboxFailureHandler handler = new MailboxFailureHandler();

    @Test
    void error_isDistinguishedFromAnException_howeverItIsWrapped() {
        assertThat(MailboxFailureHandler.cause(new NoClassDefFoundError("x"), Error.class))
                .isPresent();
        assertThat(MailboxFailureHandler.cause(
                        new StreamsException(new IllegalStateException(new StackOverflowError())), Error.class))
                .isPresent();
        assertThat(MailboxFailureHandler.cause(new StreamsException("broker away"), Error.class))
                .isEmpty();
    }

    @Test
    void failure_ofTheBroker_replacesTheThread() {
        assertThat(handler.handle(new StreamsException("broker away")))
                .isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
        assertThat(handler.refusal()).isEmpty();
    }

    /** A replaced thread would read the same value again, for ever. */
    @Test
    void valueOfAnotherFormat_endsTheMailboxesOfTheNode_andSaysWhy() {
        var unknown = new UnknownFormatException("header", 2, 1);

        var response = handler.handle(new StreamsException("failed to initialize processor", unknown));

        assertThat(response).isEqualTo(StreamThreadExceptionResponse.SHUTDOWN_CLIENT);
        assertThat(handler.refusal()).contains(unknown.getMessage());
    }
}
