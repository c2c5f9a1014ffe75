package dev.ncwrelay.rpc.credentials;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Reports at start-up which setting is wrong and what to do, instead of a stack trace. */
final class WrongCredentialsAnalyzer extends AbstractFailureAnalyzer<WrongCredentialsException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, WrongCredentialsException cause) {
        return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.action(), cause);
    }
}
