#!/bin/sh
# Makes the recorded voices again from lines.json (the agent, 24 kHz) and Caller/lines.json (the caller, 8 kHz).
# Needs espeak-ng, sox and jq. The texts are ours and the recordings carry no third party's voice.
set -eu
cd "$(dirname "$0")"

# record VOICE WORDS_PER_MINUTE RATE_HZ FOLDER
# The silence at both ends is cut, so that a line begins when it is played; -D: no dither, the same file every time.
record() {
    jq -r '.[] | [.name, .text] | @tsv' "$4/lines.json" | while IFS="$(printf '\t')" read -r name text; do
        espeak-ng -v "$1" -s "$2" --stdout "$text" |
            sox -D -t wav - -b 16 -c 1 "$4/$name.wav" \
                rate -h "$3" \
                silence 1 0.01 0.3% reverse silence 1 0.01 0.3% pad 0.04 reverse pad 0.02 \
                norm -4
    done
}

rm -f ./*.wav Caller/*.wav
record en-gb+f3 190 24000 .
record en-us+m3 165 8000 Caller
