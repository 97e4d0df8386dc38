using System.Security.Cryptography;

namespace VoiceGateway.Sip;

/// <summary>
/// Something read from files, and read again when their content has changed. Times of files say too little: secrets are mounted as links to
/// links that are swapped.
/// </summary>
/// <param name="option">Named in complaints.</param>
/// <param name="paths">All of them make one value.</param>
/// <param name="read">From the contents, in the order of the paths.</param>
internal sealed class WatchedFiles<T>(string option, IReadOnlyList<string> paths, Func<IReadOnlyList<byte[]>, T> read)
    where T : class
{
    private string _seen = "";

    public T? Value { get; private set; }

    /// <summary>Why what was last seen could not be taken, with the value being the one before; null: it was taken.</summary>
    public SipTlsFileException? Problem { get; private set; }

    /// <summary>True when there is a new value, or a new problem.</summary>
    public bool Refresh()
    {
        List<byte[]> contents = [];
        try
        {
            foreach (var path in paths)
                contents.Add(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return Differs(e.Message) && Complain($"cannot be read: {e.Message}", e);
        }

        if (!Differs(string.Join(' ', contents.Select(content => Convert.ToHexString(SHA256.HashData(content))))))
            return false;
        try
        {
            Value = read(contents);
            Problem = null;
            return true;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or FormatException or InvalidOperationException)
        {
            return Complain($"({string.Join(", ", paths)}) cannot be used: {e.Message}", e);
        }
    }

    private bool Complain(string reason, Exception inner)
    {
        Problem = new SipTlsFileException(option, reason, inner);
        return true;
    }

    private bool Differs(string seen)
    {
        bool differs = seen != _seen;
        _seen = seen;
        return differs;
    }
}
