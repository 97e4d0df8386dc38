namespace VoiceGateway.Plugins.Lookups;

/// <summary>A row of <c>customers</c> as Dapper reads it.</summary>
internal sealed class CustomerRow
{
    public string Phone { get; set; } = "";

    public string Name { get; set; } = "";

    public long Bookings { get; set; }

    public string Since { get; set; } = "";

    public string LastBooked { get; set; } = "";

    public Customer ToCustomer() => new(Phone, Name, Bookings, Since, LastBooked);
}
