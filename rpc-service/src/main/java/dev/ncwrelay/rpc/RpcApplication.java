package dev.ncwrelay.rpc;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/**
 * Reads RPC requests from Kafka, calls Fireblocks and writes the replies. The only service that holds Fireblocks
 * credentials.
 */
@SpringBootApplication
@ConfigurationPropertiesScan({"dev.ncwrelay.rpc", "dev.ncwrelay.schemas", "dev.ncwrelay.kafka"})
public class RpcApplication {

    public static void main(String[] args) {
        SpringApplication.run(RpcApplication.class, args);
    }
}
