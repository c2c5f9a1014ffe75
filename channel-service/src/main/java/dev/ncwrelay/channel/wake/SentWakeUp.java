package dev.ncwrelay.channel.wake;

/** A message and what became of it. */
record SentWakeUp(WakeUp wakeUp, PushOutcome outcome) {}
