package dev.ncwrelay.testkit.invoke;

import dev.ncwrelay.testkit.http.Answer;

/** An accepted call and what it was, or after its hold will be, answered. */
public record InvokeExchange(InvokeCall call, Answer answer) {}
