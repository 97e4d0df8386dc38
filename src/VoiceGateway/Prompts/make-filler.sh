#!/bin/sh
# Makes filler.wav again: what a caller hears while a tool takes its time. Two soft notes, then quiet, two seconds in all, so
# that it can be repeated as it is. Notes and no words: it fits every language and voice, and does not talk over what the agent
# says of its own accord. One note after the other, off the frequencies of call progress and DTMF: no switch takes it for a signal.
# Needs sox.
set -eu
cd "$(dirname "$0")"

note() { sox -D -n -r 24000 -b 16 -c 1 "$1" synth "$2" sine "$3" fade h 0.03 "$2" "$4" gain -22; }

parts=$(mktemp -d)
trap 'rm -r "$parts"' EXIT
note "$parts/1.wav" 0.16 523.25 0.10
note "$parts/2.wav" 0.30 659.26 0.24
sox -D "$parts/1.wav" "$parts/2.wav" filler.wav pad 0 1.54
