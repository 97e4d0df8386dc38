namespace VoiceGateway.Sip.Tests.Resolution;

public class DnsMessageReaderTests
{
    private const int Seed = 20261;
    private const int Mutations = 20_000;

    private static readonly byte[] Question = DnsWire.Question("example.com", DnsWire.Naptr);
    private static readonly byte[] Pointer = [0xC0, 0x0C];

    [Fact]
    public void TryRead_EveryType_ReadsItsFields()
    {
        var message = Read(Whole());
        Assert.Equal(0x1234, message.Id);
        Assert.Equal(DnsMessage.NoError, message.Code);
        Assert.Equal(new DnsQuestion("example.com", DnsType.Naptr), message.Question);
        Assert.Equal(
            [
                new DnsNaptrRecord("example.com", 300, 50, 60, "s", "SIPS+D2T", "", "_sips._tcp.example.com"),
                new DnsServiceRecord("_sip._udp.example.com", 300, 10, 20, 5060, "a.example.com"),
                new DnsAddressRecord("a.example.com", DnsType.A, 300, System.Net.IPAddress.Parse("192.0.2.1")),
                new DnsAddressRecord("a.example.com", DnsType.Aaaa, 300, System.Net.IPAddress.Parse("2001:db8::1")),
                new DnsAliasRecord("w.example.com", 300, "a.example.com"),
            ],
            message.Answers);
        Assert.Equal(new DnsZoneRecord("example.com", 3600, 77), message.Zone);
    }

    [Fact]
    public void TryRead_CompressedNames_AreWholeAndInLowerCase()
    {
        // RFC 1035 section 4.1.4: F.ISI.ARPA whole, FOO.F.ISI.ARPA as a label and a pointer.
        var question = DnsWire.Question("F.ISI.ARPA", DnsWire.Srv);
        byte[] foo = [.. DnsWire.Text("FOO"), 0xC0, 12];
        var message = Read(DnsWire.Message(1, 0x8180, question, [DnsWire.Record(foo, DnsWire.Srv, 1, [0, 1, 0, 2, 0, 3, 0xC0, 14])]));
        Assert.Equal([new DnsServiceRecord("foo.f.isi.arpa", 1, 1, 2, 3, "isi.arpa")], message.Answers);
    }

    [Fact]
    public void TryRead_BytesThatNoHostHas_AreEscaped()
    {
        byte[] target = [5, (byte)'a', (byte)'.', (byte)'b', 0, (byte)'\\', 3, (byte)'c', (byte)'o', (byte)'m', 0];
        var record = Assert.IsType<DnsAliasRecord>(Assert.Single(Read(DnsWire.Message(1, 0x8180, Question, [DnsWire.Record(Pointer, DnsWire.Cname, 1, target)])).Answers));
        Assert.Equal(@"a\046b\000\092.com", record.Target);
        Assert.False(SipGrammar.IsHost(record.Target));
    }

    [Fact]
    public void TryRead_ExtendedCode_ComesFromBothPlaces()
    {
        byte[] opt = [0, .. DnsWire.Number(DnsWire.Opt), .. DnsWire.Number(1232), 1, 0, 0, 0, 0, 0];
        Assert.Equal(DnsMessage.BadVersion, Read(DnsWire.Message(1, 0x8180, Question, [], additional: [opt])).Code);
    }

    [Fact]
    public void TryRead_Truncated_NeedsNoRecords()
    {
        byte[] cut = [.. DnsWire.Message(1, 0x8380, Question, [DnsWire.Record(Pointer, DnsWire.A, 1, [1, 2, 3, 4])])[..^7]];
        Assert.True(Read(cut).IsTruncated);
    }

    [Fact]
    public void TryRead_UnknownTypesAndClasses_AreSkipped()
    {
        byte[] chaos = DnsWire.Record(Pointer, DnsWire.A, 1, [1, 2, 3]);
        chaos[5] = 3;
        var message = Read(DnsWire.Message(1, 0x8180, Question, [DnsWire.Record(Pointer, 46, 1, [9, 9, 9]), chaos, DnsWire.Record(Pointer, DnsWire.A, 1, [1, 2, 3, 4])]));
        Assert.Single(message.Answers);
    }

    [Theory]
    [InlineData(new byte[] { 0xC0, 29 })] // at itself: the record's name is at 29
    [InlineData(new byte[] { 0xC0, 31 })] // forwards
    [InlineData(new byte[] { 0xFF, 0xFF })] // out of the message
    [InlineData(new byte[] { 1, (byte)'a', 0xC0, 29 })] // round through a label
    [InlineData(new byte[] { 0x40, 0 })] // a label type that there is not
    [InlineData(new byte[] { 0x80, 0 })]
    [InlineData(new byte[] { 63, 1, 2 })] // runs on into what follows, and past the end
    public void TryRead_NameThatLeadsNowhere_IsRefused(byte[] name)
    {
        Assert.Equal(29, DnsWire.Message(1, 0x8180, Question, []).Length);
        Assert.False(DnsMessageReader.TryRead(DnsWire.Message(1, 0x8180, Question, [DnsWire.Record(name, DnsWire.A, 1, [1, 2, 3, 4])]), out _));
    }

    [Fact]
    public void TryRead_ManyPointersInARow_IsRefused()
    {
        // Each leads to the one before: no loop, but work that grows with the square of the message.
        byte[] chain = [0, .. Enumerable.Range(0, 40).SelectMany(i => new byte[] { 0xC0, (byte)(i == 0 ? 41 : 40 + (2 * i)) })];
        byte[] record = DnsWire.Record(Pointer, 99, 1, chain);
        Assert.Equal(41, 29 + record.Length - chain.Length);
        bool Reads(int link) => DnsMessageReader.TryRead(
            DnsWire.Message(1, 0x8180, Question, [record, DnsWire.Record([0xC0, (byte)(42 + (2 * link))], DnsWire.A, 1, [1, 2, 3, 4])]), out _);
        Assert.True(Reads(3));
        Assert.False(Reads(30));
    }

    [Fact]
    public void TryRead_NameLongerThan255_IsRefused()
    {
        byte[] label = DnsWire.Text(new string('a', 49));
        byte[] longest = [.. Enumerable.Repeat(label, 5).SelectMany(l => l), .. DnsWire.Text("aaa"), 0]; // 5 * 50 + 4 + 1
        byte[] longer = [.. Enumerable.Repeat(label, 5).SelectMany(l => l), .. DnsWire.Text("aaaa"), 0];
        Assert.Equal(255, longest.Length);
        Assert.True(DnsMessageReader.TryRead(DnsWire.Message(1, 0x8180, Question, [DnsWire.Record(longest, DnsWire.A, 1, [1, 2, 3, 4])]), out _));
        Assert.False(DnsMessageReader.TryRead(DnsWire.Message(1, 0x8180, Question, [DnsWire.Record(longer, DnsWire.A, 1, [1, 2, 3, 4])]), out _));
    }

    [Theory]
    [InlineData(DnsWire.A, new byte[] { 1, 2, 3 })]
    [InlineData(DnsWire.Aaaa, new byte[] { 1, 2, 3, 4 })]
    [InlineData(DnsWire.Srv, new byte[] { 0, 1, 0, 2, 0, 3 })]
    [InlineData(DnsWire.Srv, new byte[] { 0, 1, 0, 2, 0, 3, 0, 0 })]
    [InlineData(DnsWire.Naptr, new byte[] { 0, 1, 0, 2, 9, (byte)'s', 0, 0, 0 })]
    [InlineData(DnsWire.Naptr, new byte[] { 0, 1, 0, 2, 0, 0, 0 })]
    [InlineData(DnsWire.Soa, new byte[] { 0, 0, 1, 2, 3 })]
    [InlineData(DnsWire.Cname, new byte[] { 1 })]
    [InlineData(DnsWire.Cname, new byte[] { })]
    public void TryRead_DataOfAnotherLengthThanItSays_IsRefused(int type, byte[] data) =>
        Assert.False(DnsMessageReader.TryRead(DnsWire.Message(1, 0x8180, Question, [DnsWire.Record(Pointer, type, 1, data)]), out _));

    [Fact]
    public void TryRead_MoreRecordsThanThereAre_IsRefused()
    {
        var message = Whole();
        message[7] = 0xFF;
        Assert.False(DnsMessageReader.TryRead(message, out _));
        message[6] = 0xFF;
        Assert.False(DnsMessageReader.TryRead(message, out _));
    }

    [Fact]
    public void TryRead_CutAnywhere_IsRefused()
    {
        var whole = Whole();
        for (int length = 0; length < whole.Length; length++)
            Assert.False(DnsMessageReader.TryRead(whole.AsSpan(0, length), out _), $"{length} bytes");
    }

    [Fact]
    public void TryRead_Mutations_NeverThrow()
    {
        var random = new Random(Seed);
        var whole = Whole();
        int read = 0;
        for (int i = 0; i < Mutations; i++)
        {
            var hostile = Mutate(whole, random);
            if (!DnsMessageReader.TryRead(hostile, out var message))
                continue;
            read++;
            foreach (var record in message!.Answers)
            {
                Assert.True(record.Name.Length <= 4 * 255);
                Assert.True(record.Ttl <= int.MaxValue);
            }
        }

        Assert.InRange(read, Mutations / 100, Mutations - 1); // both ways were taken
    }

    /// <summary>A few bytes changed, cut, grown, repeated, or made a pointer.</summary>
    private static byte[] Mutate(byte[] whole, Random random)
    {
        if (random.Next(20) == 0)
        {
            var noise = new byte[random.Next(600)];
            random.NextBytes(noise);
            if (noise.Length > 12)
                (noise[2], noise[4], noise[5], noise[6], noise[8], noise[10]) = (0x81, 0, (byte)random.Next(2), 0, 0, 0);
            return noise;
        }

        List<byte> bytes = [.. whole];
        for (int changes = random.Next(1, 6); changes > 0; changes--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 8), bytes.Count - at - 1));
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 40), bytes.Count - at)));
                    break;
                case 4 when at + 1 < bytes.Count:
                    (bytes[at], bytes[at + 1]) = ((byte)(0xC0 | random.Next(2)), (byte)random.Next(256));
                    break;
                default:
                    bytes[at] = random.Next(2) == 0 ? (byte)0 : (byte)0xFF;
                    break;
            }
        }

        return [.. bytes];
    }

    private static DnsMessage Read(byte[] bytes)
    {
        Assert.True(DnsMessageReader.TryRead(bytes, out var message));
        return message!;
    }

    private static byte[] Whole() => DnsWire.Message(
        0x1234, 0x8180, Question,
        [
            DnsWire.Record(Pointer, DnsWire.Naptr, 300, DnsWire.NaptrData(50, 60, "s", "SIPS+D2T", "", "_sips._tcp.example.com")),
            DnsWire.Record(DnsWire.Name("_sip._udp.example.com"), DnsWire.Srv, 300, DnsWire.SrvData(10, 20, 5060, "a.example.com")),
            DnsWire.Record(DnsWire.Name("a.example.com"), DnsWire.A, 300, DnsWire.Address("192.0.2.1")),
            DnsWire.Record(DnsWire.Name("a.example.com"), DnsWire.Aaaa, 300, DnsWire.Address("2001:db8::1")),
            DnsWire.Record([.. DnsWire.Text("w"), .. Pointer], DnsWire.Cname, 300, [.. DnsWire.Text("a"), .. Pointer]),
        ],
        [DnsWire.Record(Pointer, DnsWire.Soa, 3600, DnsWire.SoaData(77))],
        [DnsWire.Record(DnsWire.Name("a.example.com"), DnsWire.A, 300, DnsWire.Address("192.0.2.99"))]);
}
