// Reads all events, as a backend does that works with them itself, and prints a line for each: partition, offset, device,
// type, id. Each event is processed at least once, and those of a device in their order.
//
// Usage: node events.mjs <bootstrap servers> <registry's Confluent API> <group>
// To log in by SCRAM over TLS: KAFKA_CA=<file with the authority's certificate> KAFKA_USER=<user> KAFKA_PASSWORD=<password>
import { readFileSync } from "node:fs";
import { AvroDeserializer, SchemaRegistryClient, SerdeType } from "@confluentinc/schemaregistry";
import kafkajs from "kafkajs";
import lz4 from "lz4js";

const { CompressionCodecs, CompressionTypes, Kafka, logLevel } = kafkajs;
const [bootstrap, registry, groupId] = process.argv.slice(2);
const { KAFKA_CA, KAFKA_USER: username, KAFKA_PASSWORD: password } = process.env;
const topic = "ncw.device.events";

// kafkajs leaves lz4, which the relay's producers use, to its users.
CompressionCodecs[CompressionTypes.LZ4] = () => ({
  compress: async (encoder) => Buffer.from(lz4.compress(encoder.buffer)),
  decompress: async (buffer) => Buffer.from(lz4.decompress(buffer)),
});

const login = { ssl: { ca: [readFileSync(KAFKA_CA ?? "/dev/null", "utf8")] }, sasl: { mechanism: "scram-sha-512", username, password } };
const kafka = new Kafka({ brokers: bootstrap.split(","), logLevel: logLevel.ERROR, ...(username ? login : {}) });
const deserializer = new AvroDeserializer(
  new SchemaRegistryClient({ baseURLs: [registry], createAxiosDefaults: { timeout: 5_000 } }), SerdeType.VALUE, {});
const consumer = kafka.consumer({ groupId });

// A backend's own work is here. It must do nothing the second time an event id comes.
const work = (partition, offset, event) =>
  console.log(partition, offset, event.deviceId, event.eventType, event.eventId, event.data.toString("utf8").length, "characters");

// A zero byte, the schema id in 4 bytes, Avro binary.
const isInWireFormat = (value) => value?.length > 4 && value[0] === 0;

// Only a failure that kafkajs does not repeat by itself, such as a missing permission.
consumer.on(consumer.events.CRASH, ({ payload }) => {
  if (payload.restart) return;
  console.error(payload.error);
  process.exit(1);
});
process.on("SIGTERM", () => consumer.disconnect().then(() => process.exit(0)));

await consumer.connect();
await consumer.subscribe({ topics: [topic], fromBeginning: true });
await consumer.run({
  // An exception, as when the registry is away, repeats the event before any later one of its partition. The offset is
  // committed after this: a crash in between repeats events, and loses none.
  eachMessage: async ({ partition, message }) => {
    if (!isInWireFormat(message.value)) {
      console.error(partition, message.offset, "skipped: not in Confluent's wire format");
      return;
    }
    work(partition, message.offset, await deserializer.deserialize(topic, message.value));
  },
});
