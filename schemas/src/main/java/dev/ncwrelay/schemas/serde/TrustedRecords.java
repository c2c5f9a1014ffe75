package dev.ncwrelay.schemas.serde;

import dev.ncwrelay.avro.DeviceEvent;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.avro.util.ClassSecurityValidator.ClassSecurityPredicate;

/** Adds the generated records to the classes that Avro trusts; it instantiates no others. */
final class TrustedRecords implements ClassSecurityPredicate {

    private static final String PACKAGE = DeviceEvent.class.getPackageName();

    static {
        ClassSecurityValidator.setGlobal(
                ClassSecurityValidator.composite(ClassSecurityValidator.getGlobal(), new TrustedRecords()));
    }

    private TrustedRecords() {}

    /** Takes effect once per JVM. */
    static void declare() {}

    @Override
    public boolean isTrusted(Class<?> type) {
        return type.getPackageName().equals(PACKAGE);
    }
}
