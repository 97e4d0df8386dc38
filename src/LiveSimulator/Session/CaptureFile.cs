using System.Runtime.InteropServices;

namespace VoiceGateway.LiveSimulator;

/// <summary>The caller's audio of one conversation, as raw 16-bit samples in a file: a long call would fill the memory.</summary>
internal sealed class CaptureFile(string path)
{
    private const int BufferBytes = 65_536;

    private readonly Lock _gate = new();
    private FileStream? _file;
    private long _length;

    public string Path => path;

    /// <summary>How many samples there are.</summary>
    public long Length
    {
        get
        {
            lock (_gate)
                return _length;
        }
    }

    public void Write(ReadOnlySpan<short> pcm)
    {
        lock (_gate)
        {
            _file ??= new FileStream(path, _length == 0 ? FileMode.Create : FileMode.Append, FileAccess.Write, FileShare.Read, BufferBytes);
            _file.Write(MemoryMarshal.AsBytes(pcm));
            _length += pcm.Length;
        }
    }

    public short[] Read(long from, long count)
    {
        lock (_gate)
        {
            if (count == 0)
                return [];
            _file?.Flush();
            var samples = new short[count];
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            file.Position = from * sizeof(short);
            file.ReadExactly(MemoryMarshal.AsBytes(samples.AsSpan()));
            return samples;
        }
    }

    /// <summary>Closes the file until there is more.</summary>
    public void Pause()
    {
        lock (_gate)
        {
            _file?.Dispose();
            _file = null;
        }
    }
}
