using System.Text;

namespace VoiceGateway.Sip;

/// <summary>Method names as they stand on the wire. Methods are case-sensitive (RFC 3261 section 7.1).</summary>
public static class SipMethods
{
    public const string Invite = "INVITE";
    public const string Ack = "ACK";
    public const string Bye = "BYE";
    public const string Cancel = "CANCEL";
    public const string Options = "OPTIONS";
    public const string Register = "REGISTER";
    /// <summary>RFC 3262.</summary>
    public const string Prack = "PRACK";
    /// <summary>RFC 3311.</summary>
    public const string Update = "UPDATE";
    /// <summary>RFC 6086.</summary>
    public const string Info = "INFO";
    /// <summary>RFC 3515.</summary>
    public const string Refer = "REFER";
    /// <summary>RFC 6665.</summary>
    public const string Notify = "NOTIFY";
    /// <summary>RFC 6665.</summary>
    public const string Subscribe = "SUBSCRIBE";
    /// <summary>RFC 3428.</summary>
    public const string Message = "MESSAGE";
    /// <summary>RFC 3903.</summary>
    public const string Publish = "PUBLISH";

    private static readonly string[] Known =
        [Invite, Ack, Bye, Cancel, Options, Register, Prack, Update, Info, Refer, Notify, Subscribe, Message, Publish];

    /// <summary>The shared constant when the method is known, else a new string.</summary>
    internal static string Intern(ReadOnlySpan<char> method)
    {
        foreach (var known in Known)
        {
            if (method.SequenceEqual(known))
                return known;
        }

        return method.ToString();
    }

    internal static string Intern(ReadOnlySpan<byte> method)
    {
        foreach (var known in Known)
        {
            if (Ascii.Equals(method, known))
                return known;
        }

        return Encoding.ASCII.GetString(method);
    }
}
