using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace VoiceGateway.LiveSimulator;

/// <summary>One setting of a kind of fault.</summary>
public sealed class FaultSetting
{
    private readonly PropertyInfo _property;
    private readonly RangeAttribute? _range;

    internal FaultSetting(PropertyInfo property, Fault normal)
    {
        _property = property;
        _range = property.GetCustomAttribute<RangeAttribute>();
        Name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
        Sentence = property.GetCustomAttribute<DescriptionAttribute>()?.Description ?? "";
        Default = ValueIn(normal);
    }

    public string Name { get; }

    public string Sentence { get; }

    /// <summary>A text, number or flag, as it is written in JSON.</summary>
    public object Default { get; }

    /// <summary>The value as it is written in JSON: a <see cref="string"/>, <see cref="int"/>, <see cref="double"/> or <see cref="bool"/>.</summary>
    public object ValueIn(Fault fault) => _property.GetValue(fault)! switch
    {
        TimeSpan time => Write(time),
        Enum value => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()),
        var other => other,
    };

    internal void Set(Fault fault, ScenarioNode value) => _property.SetValue(fault, Read(value));

    private object Read(ScenarioNode node)
    {
        var type = _property.PropertyType;
        return type == typeof(TimeSpan) ? node.Duration()
            : type == typeof(bool) ? node.Flag()
            : type == typeof(int) ? node.Integer(Convert.ToInt32(_range!.Minimum, CultureInfo.InvariantCulture), Convert.ToInt32(_range.Maximum, CultureInfo.InvariantCulture))
            : type == typeof(double) ? node.Number(Convert.ToDouble(_range!.Minimum, CultureInfo.InvariantCulture), Convert.ToDouble(_range.Maximum, CultureInfo.InvariantCulture))
            : type.IsEnum ? node.Choice(type)
            : node.Text();
    }

    private static string Write(TimeSpan time) => time.TotalMilliseconds % 1000 == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds}s")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds}ms");
}
