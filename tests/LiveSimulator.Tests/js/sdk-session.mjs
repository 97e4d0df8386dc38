// Google's JavaScript SDK against the simulator: node sdk-session.mjs http://127.0.0.1:9090 caller.wav [model]
// Audio, text, tools, interruption, usage, resumption, goAway and a refusal, in one call of the built-in scenario book-a-table.
// Prints one line a step; exit code 0 when every step was seen, 1 otherwise.
import { readFileSync } from 'node:fs';
import { GoogleGenAI, Modality } from '@google/genai';

const baseUrl = process.argv[2] ?? 'http://127.0.0.1:9090';
const callerWav = process.argv[3];
const model = process.argv[4] ?? 'gemini-3.8-live';
const FRAME_BYTES = 640; // 20 ms of 16 kHz PCM
const PATIENCE_MS = 20000;

const ai = new GoogleGenAI({ apiKey: 'any-key', httpOptions: { baseUrl, apiVersion: 'v1beta' } });

function check(condition, what) {
  if (!condition) {
    throw new Error(what);
  }
  console.log(`ok  ${what}`);
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** One connection of the call: keeps what comes until somebody asks for it. */
class Line {
  received = [];
  waiting = [];
  heard = { audioBytes: 0, audioMessages: 0, said: '', caller: '' };
  closed = null;

  static async open(handle) {
    const line = new Line();
    line.session = await ai.live.connect({
      model,
      config: {
        responseModalities: [Modality.AUDIO],
        systemInstruction: 'You take bookings for a restaurant.',
        speechConfig: { languageCode: 'en-GB', voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } },
        inputAudioTranscription: {},
        outputAudioTranscription: {},
        sessionResumption: handle ? { handle } : {},
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
        onmessage: (message) => line.take(message),
        onerror: (event) => line.end({ code: 0, reason: event.message }),
        onclose: (event) => line.end(event),
      },
    });
    return line;
  }

  take(message) {
    const content = message.serverContent;
    for (const part of content?.modelTurn?.parts ?? []) {
      if (part.inlineData?.data) {
        this.heard.audioMessages++;
        this.heard.audioBytes += Buffer.from(part.inlineData.data, 'base64').length;
      }
    }
    this.heard.said += content?.outputTranscription?.text ?? '';
    this.heard.caller += content?.inputTranscription?.text ?? '';
    this.received.push(message);
    this.serve();
  }

  end(event) {
    this.closed ??= event;
    this.serve();
  }

  serve() {
    this.waiting = this.waiting.filter((one) => !one());
  }

  /** Resolves with the first message, of those not yet taken, that is accepted. */
  until(what, accepts) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no ${what} within ${PATIENCE_MS} ms`)), PATIENCE_MS);
      const attempt = () => {
        const index = this.received.findIndex(accepts);
        if (index < 0 && !this.closed) {
          return false;
        }
        clearTimeout(timer);
        if (index < 0) {
          reject(new Error(`no ${what}; closed: ${this.closed.code} ${this.closed.reason}`));
        } else {
          resolve(this.received.splice(0, index + 1)[index]);
        }
        return true;
      };
      if (!attempt()) {
        this.waiting.push(attempt);
      }
    });
  }

  untilContent(member) {
    return this.until(member, (m) => m.serverContent?.[member]);
  }

  async untilClosed() {
    for (let waited = 0; !this.closed && waited < PATIENCE_MS; waited += 20) {
      await pause(20);
    }
    return this.closed;
  }

  /** Sends a WAV file's samples (16 kHz mono, 44-byte header) as a telephone would, and silence after it. */
  async speak(path, silenceMs) {
    const pcm = Buffer.concat([readFileSync(path).subarray(44), Buffer.alloc((FRAME_BYTES / 20) * silenceMs)]);
    const started = Date.now();
    for (let offset = 0, sentMs = 0; offset < pcm.length; offset += FRAME_BYTES, sentMs += 20) {
      const frame = pcm.subarray(offset, offset + FRAME_BYTES);
      this.session.sendRealtimeInput({ audio: { data: frame.toString('base64'), mimeType: 'audio/pcm;rate=16000' } });
      const ahead = sentMs - (Date.now() - started);
      if (ahead > 5) {
        await pause(ahead);
      }
    }
  }

  /** The simulator's own control: lets a fault come over the newest session. */
  static async inject(fault) {
    const { sessions } = await (await fetch(`${baseUrl}/control/sessions`)).json();
    const answer = await fetch(`${baseUrl}/control/sessions/${sessions.at(-1).id}/faults`, { method: 'POST', body: JSON.stringify(fault) });
    check(answer.ok, `injected ${JSON.stringify(fault)}`);
  }
}

const tokens = (details, modality) => details?.find((d) => d.modality === modality)?.tokenCount ?? 0;

async function audioTextAndUsage(line) {
  const greeted = Date.now();
  line.session.sendClientContent({ turns: 'The telephone rings. Greet the caller.' });
  await line.untilContent('generationComplete');
  const sentInMs = Date.now() - greeted;
  await line.untilContent('turnComplete');
  const audioMs = line.heard.audioBytes / 48;
  check(line.heard.audioMessages > 3 && audioMs > 1000, `greeting: ${line.heard.audioMessages} audio messages, ${Math.round(audioMs)} ms of audio, sent in ${sentInMs} ms`);
  check(line.heard.said.startsWith('Good evening'), `greeting's transcript: ${line.heard.said}`);
  const { usageMetadata } = await line.until('usageMetadata', (m) => m.usageMetadata);
  check(tokens(usageMetadata.responseTokensDetails, 'AUDIO') > 0 && tokens(usageMetadata.promptTokensDetails, 'TEXT') > 0, `usage: ${usageMetadata.totalTokenCount} tokens`);

  line.heard.said = '';
  line.session.sendRealtimeInput({ text: 'The caller pressed key 5.' });
  await line.untilContent('turnComplete');
  check(line.heard.said === 'That key does nothing here.', `text is answered: ${line.heard.said}`);
}

async function tools(line) {
  const speaking = line.speak(callerWav, 700);
  const { toolCall } = await line.until('toolCall', (m) => m.toolCall);
  const call = toolCall.functionCalls[0];
  check(line.heard.caller.includes('table for four'), `the caller's transcript: ${line.heard.caller}`);
  check(call.name === 'check_availability' && call.args.party_size === 4 && /^\d{4}-\d\d-\d\d$/.test(call.args.date), `tool call ${call.name}(${JSON.stringify(call.args)})`);
  await speaking;
  line.heard.said = '';
  line.session.sendToolResponse({ functionResponses: [{ id: call.id, name: call.name, response: { output: { available: true } } }] });
  await line.untilContent('modelTurn');
  check(true, 'audio after the tool response');
}

/** The caller speaks into the offer. */
async function interruption(line) {
  const interrupting = line.speak(callerWav, 0);
  await line.untilContent('interrupted');
  await line.untilContent('turnComplete');
  check(true, `interrupted, then turnComplete; said until then: ${line.heard.said}`);
  await interrupting;
}

/** goAway is told, the client leaves and comes back with its handle: the scenario goes on with the caller's second wish. */
async function resumption(line) {
  line.session.sendRealtimeInput({ text: 'The caller pressed key 6.' });
  await line.untilContent('turnComplete');
  const { sessionResumptionUpdate } = await line.until('handle', (m) => m.sessionResumptionUpdate?.resumable);
  check(sessionResumptionUpdate.newHandle.length > 10, 'a resumption handle');
  await Line.inject({ kind: 'goAway', timeLeft: '30s' });
  const { goAway } = await line.until('goAway', (m) => m.goAway);
  check(goAway.timeLeft === '30s', `goAway: ${goAway.timeLeft} left`);
  line.session.close();
  const { code, reason } = await line.untilClosed();
  check(code === 1000 || code === 1005, `closed by us: ${code} ${reason}`);

  const next = await Line.open(sessionResumptionUpdate.newHandle);
  const speaking = next.speak(callerWav, 700);
  const { toolCall } = await next.until('toolCall', (m) => m.toolCall);
  const call = toolCall.functionCalls[0];
  check(call.args.party_size === 6 && call.args.time === '20:00', `resumed: the scenario goes on with ${call.name}(${JSON.stringify(call.args)})`);
  await speaking;
  next.session.sendToolResponse({ functionResponses: [{ id: call.id, name: call.name, response: { output: { available: true } } }] });
  await next.untilContent('turnComplete');
  const { usageMetadata } = await next.until('usageMetadata', (m) => m.usageMetadata);
  check(tokens(usageMetadata.promptTokensDetails, 'AUDIO') > 0, `usage with the caller's audio: ${usageMetadata.totalTokenCount} tokens`);
  return next;
}

/** Who does not leave is closed when its time is over. */
async function goAwayUnheeded(line) {
  await Line.inject({ kind: 'goAway', timeLeft: '0.5s' });
  await line.until('goAway', (m) => m.goAway);
  const { code, reason } = await line.untilClosed();
  check(code === 1001 && reason.length > 0, `closed when goAway's time was over: ${code} ${reason}`);
}

async function refusals() {
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
  const line = await Line.open();
  console.log('ok  connected, setupComplete');
  await audioTextAndUsage(line);
  await tools(line);
  await interruption(line);
  await goAwayUnheeded(await resumption(line));
  await refusals();
  console.log('PASS');
  process.exit(0);
} catch (fault) {
  console.log(`FAIL ${fault.message}`);
  process.exit(1);
}
