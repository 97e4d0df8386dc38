// Google's JavaScript SDK against the simulator: node sdk-session.mjs http://127.0.0.1:9090 [scenario's audio file]
// Prints one line a step; exit code 0 when every step was seen, 1 otherwise.
import { readFileSync } from 'node:fs';
import { GoogleGenAI, Modality } from '@google/genai';

const baseUrl = process.argv[2] ?? 'http://127.0.0.1:9090';
const callerWav = process.argv[3];
const model = process.argv[4] ?? 'gemini-3.8-live';
const FRAME_BYTES = 640; // 20 ms of 16 kHz PCM

const received = [];
const waiting = [];
let closed = null;

/** Resolves with the first message, of those not yet taken, that the test accepts. */
function until(what, accepts, timeoutMs = 20000) {
  const index = received.findIndex(accepts);
  if (index >= 0) {
    return Promise.resolve(received.splice(0, index + 1)[index]);
  }
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${what} within ${timeoutMs} ms`)), timeoutMs);
    waiting.push({ accepts, resolve: (message) => { clearTimeout(timer); resolve(message); }, reject });
  });
}

const heard = { audioBytes: 0, audioMessages: 0, said: '', caller: '' };

function take(message) {
  const content = message.serverContent;
  for (const part of content?.modelTurn?.parts ?? []) {
    if (part.inlineData?.data) {
      heard.audioMessages++;
      heard.audioBytes += Buffer.from(part.inlineData.data, 'base64').length;
    }
  }
  heard.said += content?.outputTranscription?.text ?? '';
  heard.caller += content?.inputTranscription?.text ?? '';
  received.push(message);
  for (let i = 0; i < waiting.length; i++) {
    const index = received.findIndex(waiting[i].accepts);
    if (index >= 0) {
      const [{ resolve }] = waiting.splice(i--, 1);
      resolve(received.splice(0, index + 1)[index]);
    }
  }
}

function check(condition, what) {
  if (!condition) {
    throw new Error(what);
  }
  console.log(`ok  ${what}`);
}

/** Sends a WAV file's samples (16 kHz mono, 44-byte header) as a telephone would, and silence after it. */
async function speak(session, path, silenceMs) {
  const pcm = Buffer.concat([readFileSync(path).subarray(44), Buffer.alloc((FRAME_BYTES / 20) * silenceMs)]);
  const started = Date.now();
  for (let offset = 0, sentMs = 0; offset < pcm.length; offset += FRAME_BYTES, sentMs += 20) {
    const frame = pcm.subarray(offset, offset + FRAME_BYTES);
    session.sendRealtimeInput({ audio: { data: frame.toString('base64'), mimeType: 'audio/pcm;rate=16000' } });
    const ahead = sentMs - (Date.now() - started);
    if (ahead > 5) {
      await new Promise((resolve) => setTimeout(resolve, ahead));
    }
  }
}

async function run() {
  const ai = new GoogleGenAI({ apiKey: 'any-key', httpOptions: { baseUrl, apiVersion: 'v1beta' } });
  const session = await ai.live.connect({
    model,
    config: {
      responseModalities: [Modality.AUDIO],
      systemInstruction: 'You take bookings for a restaurant.',
      speechConfig: { languageCode: 'en-GB', voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } },
      inputAudioTranscription: {},
      outputAudioTranscription: {},
      sessionResumption: {},
      contextWindowCompression: { slidingWindow: {} },
      tools: [{
        functionDeclarations: [{
          name: 'check_availability',
          description: 'Is there a table?',
          parameters: {
            type: 'OBJECT',
            properties: { date: { type: 'STRING' }, time: { type: 'STRING' }, party_size: { type: 'INTEGER' } },
            required: ['date', 'time', 'party_size'],
          },
        }],
      }],
    },
    callbacks: {
      onmessage: take,
      onerror: (event) => { closed ??= `error: ${event.message}`; },
      onclose: (event) => {
        closed ??= `${event.code} ${event.reason}`;
        for (const { reject } of waiting.splice(0)) {
          reject(new Error(`closed: ${closed}`));
        }
      },
    },
  });
  console.log('ok  connected, setupComplete');

  const greeted = Date.now();
  session.sendClientContent({ turns: 'The telephone rings. Greet the caller.' });
  await until('generationComplete', (m) => m.serverContent?.generationComplete);
  const sentInMs = Date.now() - greeted;
  await until('turnComplete', (m) => m.serverContent?.turnComplete);
  const audioMs = heard.audioBytes / 48;
  check(heard.audioMessages > 3 && audioMs > 1000, `greeting: ${heard.audioMessages} audio messages, ${Math.round(audioMs)} ms of audio, sent in ${sentInMs} ms`);
  check(heard.said.startsWith('Good evening'), `greeting's transcript: ${heard.said}`);
  const { usageMetadata } = await until('usageMetadata', (m) => m.usageMetadata);
  check(usageMetadata.responseTokensDetails.some((d) => d.modality === 'AUDIO' && d.tokenCount > 0), `usage: ${usageMetadata.totalTokenCount} tokens`);
  const { sessionResumptionUpdate } = await until('handle', (m) => m.sessionResumptionUpdate?.resumable);
  check(sessionResumptionUpdate.newHandle.length > 10, 'a resumption handle');

  const speaking = speak(session, callerWav, 700);
  const { toolCall } = await until('toolCall', (m) => m.toolCall);
  const call = toolCall.functionCalls[0];
  check(heard.caller.includes('table for four'), `the caller's transcript: ${heard.caller}`);
  check(call.name === 'check_availability' && call.args.party_size === 4 && /^\d{4}-\d\d-\d\d$/.test(call.args.date), `tool call ${call.name}(${JSON.stringify(call.args)})`);
  await speaking;
  heard.said = '';
  heard.audioBytes = 0;
  session.sendToolResponse({ functionResponses: [{ id: call.id, name: call.name, response: { output: { available: true } } }] });
  await until('audio after the tool response', (m) => m.serverContent?.modelTurn);
  check(true, 'audio after the tool response');

  // The caller speaks into the offer.
  const interrupting = speak(session, callerWav, 0);
  await until('interrupted', (m) => m.serverContent?.interrupted);
  await until('turnComplete after interrupted', (m) => m.serverContent?.turnComplete);
  check(true, `interrupted, then turnComplete; said until then: ${heard.said}`);
  await interrupting;

  session.close();
  await new Promise((resolve) => setTimeout(resolve, 200));
  check(closed?.startsWith('1000') || closed?.startsWith('1005'), `closed by us: ${closed}`);
}

async function refusals() {
  const ai = new GoogleGenAI({ apiKey: 'any-key', httpOptions: { baseUrl } });
  const refused = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('thinkingConfig was not refused')), 10000);
    // The SDK waits for setupComplete for ever: the close is all there is.
    ai.live.connect({
      model: 'gemini-3.8-live',
      config: { thinkingConfig: { thinkingBudget: 100 } },
      callbacks: { onmessage: () => {}, onclose: (event) => { clearTimeout(timer); resolve(event); } },
    }).catch(reject);
  });
  check(refused.code === 1007, `thinkingConfig on gemini-3.8-live is refused: ${refused.code} ${refused.reason}`);
}

try {
  await run();
  await refusals();
  console.log('PASS');
  process.exit(0);
} catch (fault) {
  console.log(`FAIL ${fault.message}`);
  process.exit(1);
}
