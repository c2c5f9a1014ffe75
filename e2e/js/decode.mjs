// Finds the first record with a key in a topic, reading from the beginning, and prints it as one line of JSON.
// Usage: node decode.mjs <bootstrap servers> <registry url> <topic> <key>
import { AvroDeserializer, SchemaRegistryClient, SerdeType } from "@confluentinc/schemaregistry";
import kafkajs from "kafkajs";
import lz4 from "lz4js";

const { CompressionCodecs, CompressionTypes, Kafka, logLevel } = kafkajs;
const [bootstrap, registry, topic, key] = process.argv.slice(2);
const giveUpAfterMillis = 60_000;

// kafkajs leaves lz4, which the relay's producers use, to its users.
CompressionCodecs[CompressionTypes.LZ4] = () => ({
  compress: async (encoder) => Buffer.from(lz4.compress(encoder.buffer)),
  decompress: async (buffer) => Buffer.from(lz4.decompress(buffer)),
});

const readable = (name, value) => {
  if (typeof value === "bigint") return value.toString();
  if (value?.type === "Buffer") return Buffer.from(value.data).toString("utf8");
  return value;
};

const deserializer = new AvroDeserializer(
  // Without a timeout a response that is lost would be waited for without end; kafkajs repeats a message that fails.
  new SchemaRegistryClient({ baseURLs: [registry], createAxiosDefaults: { timeout: 5_000 } }), SerdeType.VALUE, {});
// Printed when the record does not come: what the client has done until then.
const progress = { found: false, partitions: null, read: {}, warnings: [] };
const kafka = new Kafka({
  brokers: bootstrap.split(","),
  logLevel: logLevel.WARN,
  logCreator: () => ({ log }) => progress.warnings.push(`${log.message} ${log.error ?? ""}`),
});
const consumer = kafka.consumer({ groupId: `decode-${process.pid}-${Date.now()}` });
consumer.on(consumer.events.GROUP_JOIN, (event) => (progress.partitions = event.payload.memberAssignment[topic]));

const giveUp = setTimeout(() => {
  console.error(`no record with key ${key} in ${topic} within ${giveUpAfterMillis} ms: ${JSON.stringify(progress)}`);
  process.exit(1);
}, giveUpAfterMillis);

await consumer.connect();
await consumer.subscribe({ topics: [topic], fromBeginning: true });
await new Promise((resolve, reject) => {
  consumer.on(consumer.events.CRASH, (event) => reject(event.payload.error));
  consumer.run({
    eachMessage: async ({ partition, message }) => {
      progress.read[partition] = message.offset;
      if (message.key?.toString("utf8") !== key) return;
      progress.found = true;
      const value = await deserializer.deserialize(topic, message.value);
      console.log(JSON.stringify({ key, partition, value }, readable));
      resolve();
    },
  }).catch(reject);
});
clearTimeout(giveUp);
await consumer.disconnect();
process.exit(0);
