using FsCheck;
using FsCheck.Fluent;
using Xunit.Abstractions;

namespace VoiceGateway.Sip.Tests.Fuzz;

/// <summary>Streams of mutated messages: however they are cut into pieces, the same messages come out.</summary>
public sealed class FramerFuzzTests(ITestOutputHelper log)
{
    private const int MessagesEach = 3;

    [Fact]
    public void Framer_AnySplitOfAStream_GivesTheSameMessages() =>
        FuzzRun.Try(10, Streams().ToArbitrary(), static input =>
        {
            byte[] stream = [.. input.Messages.SelectMany(message => message.ToBytes())];
            var random = new Random(input.Cuts);
            var largest = input.Cuts % 3 == 0 ? 4 : input.Cuts % 3 == 1 ? 60 : 1500;
            var whole = Frames(stream, () => int.MaxValue);
            var cut = Frames(stream, () => random.Next(1, largest + 1));
            Assert.Equal(whole, cut);
        }, log, MessagesEach);

    private static Gen<(MutatedBytes[] Messages, int Cuts)> Streams() =>
        from messages in MutatedBytes.Gens(FuzzSeeds.Messages).ArrayOf(MessagesEach)
        from cuts in Gen.Choose(0, int.MaxValue - 1)
        select (messages, cuts);

    private static List<string> Frames(byte[] stream, Func<int> next)
    {
        var framer = new SipStreamFramer();
        List<string> frames = [];
        for (var at = 0; at < stream.Length;)
        {
            var length = Math.Min(next(), stream.Length - at);
            ReadOnlySpan<byte> input = stream.AsSpan(at, length);
            at += length;
            while (framer.Read(ref input, out var message) is not SipFrame.NeedMore and var frame)
            {
                frames.Add($"{frame} {Convert.ToHexString(message)} {framer.Error.Reason}");
                if (frame == SipFrame.Error)
                    return frames;
            }
        }

        return frames;
    }
}
