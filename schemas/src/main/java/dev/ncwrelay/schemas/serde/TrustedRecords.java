package dev.ncwrelay.schemas.serde;

import dev.ncwrelay.avro.DeviceEvent;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.avro.util.ClassSecurityValidator.ClassSecurityPredicate;

/** Tells Avro, which makes objects only of classes the application trusts, to trust the generated records. */
final class TrustedRecords implements ClassSecurityPredicate {

    private static final String PACKAGE = DeviceEvent.class.getPackageName();

    static {
        ClassSecurityValidator.setGlobal(
                ClassSecurityValidator.composite(ClassSecurityValidator.getGlobal(), new TrustedRecords()));
    }

    private TrustedRecords() {}

    /** Takes effect once for the JVM, however often it is called. */
    static void declare() {}

    @Override
    public boolean isTrusted(Class<?> type) {
        return type.getPackageName().equals(PACKAGE);
    }
}
