#!/bin/sh
# Makes the voices of this folder again: synthetic speech, 8 kHz mono. Needs espeak-ng and sox.
set -eu
cd "$(dirname "$0")"

# record NAME VOICE WORDS_PER_MINUTE TEXT: the silence at both ends is cut, so that a clip begins with its first sound.
record() {
    espeak-ng -v "$2" -s "$3" --stdout "$4" |
        sox -D -t wav - -e mu-law -c 1 "$1.wav" \
            rate -h 8000 silence 1 0.005 0.5% reverse silence 1 0.005 0.5% reverse norm -4
}

rm -f ./*.wav
# An agent that talks: what comes back as echo.
record agent-f en-gb+f3 190 "Our house was built two hundred years ago by a fisherman, who caught so much fish that he could not eat it all. So he put a table before his door, and whoever passed by sat down."
record agent-m en-us+m3 165 "I have a table for four at seven o'clock by the window, or at half past eight on the terrace. Which of the two would you like, and in what name shall I write it down for you?"
record agent-d de+f2 175 "Guten Abend, hier ist das Restaurant am Hafen. Wir haben heute bis elf Uhr geöffnet, und die Küche schließt um zehn. Möchten Sie einen Tisch bestellen, oder haben Sie eine Frage?"

# Callers who interrupt it.
record caller-m en-us+m7 165 "Excuse me, I would like to change my order, please."
record caller-f en-us+f5 185 "Wait a moment, that is not what I meant."
record caller-d de+m1 165 "Moment bitte, das habe ich nicht verstanden."
record caller-e es+f2 170 "Perdone, quiero hablar con una persona."

# Short answers, spoken fast: 170 to 300 ms.
record yes-m en-us+m3 225 "yes"
record yes-f en-gb+f3 240 "yes"
record yes-d de+m1 225 "ja"
record yes-e es+f2 230 "sí"
record yes-r fr+m7 220 "oui"
record no-m en-us+m3 225 "no"
record no-f en-gb+f3 240 "no"
record no-d de+m1 225 "nein"
record no-e es+f2 230 "no"
record no-r fr+m7 220 "non"
record stop-m en-us+m3 225 "stop"
record stop-f en-us+f5 250 "stop"
