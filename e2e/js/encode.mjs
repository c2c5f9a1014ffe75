// Writes one record to a topic, with the newest schema of its subject. In the record, {"utf8": "text"} stands for bytes.
// Usage: node encode.mjs <bootstrap servers> <registry url> <topic> <partition> <key> <record as JSON>
import { AvroSerializer, SchemaRegistryClient, SerdeType } from "@confluentinc/schemaregistry";
import kafkajs from "kafkajs";

const { Kafka, logLevel } = kafkajs;
const [bootstrap, registry, topic, partition, key, json] = process.argv.slice(2);

const bytes = (name, value) => (typeof value?.utf8 === "string" ? Buffer.from(value.utf8, "utf8") : value);

const serializer = new AvroSerializer(
  new SchemaRegistryClient({ baseURLs: [registry], createAxiosDefaults: { timeout: 5_000 } }), SerdeType.VALUE,
  { autoRegisterSchemas: false, useLatestVersion: true });
const value = await serializer.serialize(topic, JSON.parse(json, bytes));

const producer = new Kafka({ brokers: bootstrap.split(","), logLevel: logLevel.ERROR }).producer();
await producer.connect();
await producer.send({ topic, acks: -1, messages: [{ key, partition: Number(partition), value }] });
await producer.disconnect();
process.exit(0);
