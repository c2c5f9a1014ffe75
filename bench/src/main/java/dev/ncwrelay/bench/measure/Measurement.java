package dev.ncwrelay.bench.measure;

import dev.ncwrelay.bench.report.Result;
import dev.ncwrelay.bench.screen.Screen;
import dev.ncwrelay.bench.system.RunningSystem;
import java.util.List;

/** What can be measured. Each expects a system that has just started. */
public enum Measurement {
    POLL {
        @Override
        public Result run(RunningSystem system, Plan plan, Screen screen) throws InterruptedException {
            return new PollMeasurement(system, plan, screen).run();
        }
    },
    RPC {
        @Override
        public Result run(RunningSystem system, Plan plan, Screen screen) throws InterruptedException {
            return new RpcMeasurement(system, plan, screen).run();
        }
    },
    INTAKE {
        @Override
        public Result run(RunningSystem system, Plan plan, Screen screen) throws InterruptedException {
            return new IntakeMeasurement(system, plan, screen).run();
        }
    },
    MEMORY {
        @Override
        public List<String> deliveryOptions() {
            return MemoryMeasurement.JVM_OPTIONS;
        }

        @Override
        public Result run(RunningSystem system, Plan plan, Screen screen) throws InterruptedException {
            return new MemoryMeasurement(system, plan, screen).run();
        }
    },
    FLOOR {
        @Override
        public Result run(RunningSystem system, Plan plan, Screen screen) throws InterruptedException {
            return new FloorMeasurement(system, plan, screen).run();
        }
    };

    /** Options of delivery-service's JVM without which it cannot be measured. */
    public List<String> deliveryOptions() {
        return List.of();
    }

    public abstract Result run(RunningSystem system, Plan plan, Screen screen) throws InterruptedException;
}
