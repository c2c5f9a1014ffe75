package dev.ncwrelay.testkit.invoke;

import dev.ncwrelay.testkit.http.Answer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Function;
import java.util.function.Predicate;

/** Selects the answer to a call: the queue first, then the newest matching rule, then the script, then an echo. */
final class AnswerRules {
    private final Queue<Function<InvokeCall, ? extends Answer>> next = new ArrayDeque<>();
    private final List<Rule> rules = new ArrayList<>();
    private Function<InvokeCall, ? extends Answer> script = AnswerRules::echo;

    private record Rule(Predicate<InvokeCall> matches, Function<InvokeCall, ? extends Answer> answer) {}

    synchronized void next(Function<InvokeCall, ? extends Answer> answer) {
        next.add(answer);
    }

    synchronized void when(Predicate<InvokeCall> matches, Function<InvokeCall, ? extends Answer> answer) {
        rules.addFirst(new Rule(matches, answer));
    }

    synchronized void script(Function<InvokeCall, ? extends Answer> answer) {
        script = answer;
    }

    synchronized void reset() {
        next.clear();
        rules.clear();
        script = AnswerRules::echo;
    }

    /** The answer to this call. The test's own function runs outside the lock: it may block. */
    Answer answer(InvokeCall call) {
        return choose(call).apply(call);
    }

    private synchronized Function<InvokeCall, ? extends Answer> choose(InvokeCall call) {
        var queued = next.poll();
        if (queued != null) {
            return queued;
        }
        for (var rule : rules) {
            if (rule.matches().test(call)) {
                return rule.answer();
            }
        }
        return script;
    }

    private static Answer echo(InvokeCall call) {
        return InvokeAnswer.echo(call.payload());
    }
}
