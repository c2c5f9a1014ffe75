package dev.ncwrelay.testkit.invoke;

import dev.ncwrelay.testkit.http.Answer;

/** An accepted call and its answer, which may still be held. */
public record InvokeExchange(InvokeCall call, Answer answer) {}
