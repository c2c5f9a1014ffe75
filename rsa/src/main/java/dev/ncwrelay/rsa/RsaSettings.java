package dev.ncwrelay.rsa;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How RSA signatures are made and verified: {@code relay.rsa.*}.
 *
 * @param nativeCode by native code where the platform has it; otherwise always by the JDK
 */
@ConfigurationProperties(prefix = "relay.rsa", ignoreUnknownFields = false)
public record RsaSettings(@DefaultValue("true") boolean nativeCode) {}
