package dev.ncwrelay.rpc;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The service that holds the Fireblocks credentials: reads requests from Kafka, calls, and writes the replies. */
@SpringBootApplication
@ConfigurationPropertiesScan({"dev.ncwrelay.rpc", "dev.ncwrelay.schemas", "dev.ncwrelay.kafka"})
public class RpcApplication {

    public static void main(String[] args) {
        SpringApplication.run(RpcApplication.class, args);
    }
}
