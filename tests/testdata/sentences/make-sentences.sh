#!/bin/sh
# Makes the recordings of this folder again: one a line of sentences.txt, synthetic speech, 8 kHz mono µ-law. Needs flite and sox.
set -eu
cd "$(dirname "$0")"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rm -f ./*.wav
number=0
while read -r text; do
    number=$((number + 1))
    case $((number % 3)) in
        0) voice=awb ;;
        1) voice=slt ;;
        2) voice=rms ;;
    esac
    flite -voice "$voice" -t "$text" -o "$work/voice.wav" </dev/null
    sox -D "$work/voice.wav" -e mu-law -c 1 "$(printf '%02d' "$number").wav" rate -h 8000 norm -6
done < sentences.txt
