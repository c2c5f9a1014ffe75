package dev.ncwrelay.rpc.partition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.rpc.partition.SimulatedPartition.Request;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * One partition through thousands of histories: owners that crash at any moment, hand over, or continue after their
 * session timed out; repeated requests; late or lost commits. The seed of a failed history is printed.
 */
class HandoverReaderSimulationTest {

    @Property(tries = 3_000)
    void history_makesNoNonRepeatableCallTwiceAndRepliesToEverything(@ForAll long seed) {
        var partition = new SimulatedPartition(seed, false);

        partition.live(300);
        partition.settle();

        assertThat(partition.requests()).allSatisfy(request -> {
            assertThat(request.replies()).as("replies to %s", request).isPositive();
            if (!request.repeatable()) {
                assertThat(request.executions()).as("executions of %s", request).isLessThanOrEqualTo(1);
            }
        });
        assertThat(partition.requests())
                .filteredOn(request -> request.replies() > 1 && !request.repeatable())
                .as("answered as ambiguous by one owner and otherwise by another that had been given up for dead")
                .allMatch(Request::isZombies);
        assertThat(partition.position()).isEqualTo(partition.end());
    }

    /** A rolling restart at any moment. */
    @Property(tries = 3_000)
    void handOvers_executeEverythingOnceAndLeaveNothingUncertain(@ForAll long seed) {
        var partition = new SimulatedPartition(seed, true);

        partition.live(300);
        partition.settle();

        assertThat(partition.requests()).allSatisfy(request -> {
            assertThat(request.isAmbiguous()).as("doubt about %s", request).isFalse();
            if (!request.repeatable()) {
                assertThat(request.executions()).as("executions of %s", request).isEqualTo(1);
                assertThat(request.replies()).as("replies to %s", request).isEqualTo(1);
            }
        });
        assertThat(partition.position()).isEqualTo(partition.end());
    }
}
