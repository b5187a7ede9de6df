using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace MbmsMe.Tests.Profile;

/// <summary>
/// Finds what an assembly compiled for .NET uses and nanoFramework does not have: types and members outside the
/// given lists, and shapes that its type system lacks.
/// </summary>
/// <remarks>
/// What leaves no trace in metadata cannot be seen here: constants, and syntax that compiles to what is allowed.
/// Attributes of the assembly itself are passed over: the .NET SDK writes them, and the .nfproj builds have none.
/// </remarks>
internal sealed class ProfileCheck
{
    private readonly MemberLists _allowed;
    private readonly PEReader _file;
    private readonly MetadataReader _reader;
    private readonly SortedSet<string> _findings = new(StringComparer.Ordinal);
    private SignatureReader _signatures;
    private string _where = "";

    private ProfileCheck(PEReader file, MemberLists allowed)
    {
        _file = file;
        _reader = file.GetMetadataReader();
        _signatures = new SignatureReader(_reader);
        _allowed = allowed;
    }

    /// <summary>What is wrong, one line each: where, and what it uses.</summary>
    /// <param name="assembly">Path of the assembly.</param>
    /// <param name="allowed">What it may use.</param>
    /// <param name="only">Full name of the one type to look at, with what is nested in it; null for all.</param>
    public static IReadOnlyCollection<string> Run(string assembly, MemberLists allowed, string? only = null)
    {
        using PEReader file = new(File.OpenRead(assembly));
        ProfileCheck check = new(file, allowed);
        foreach (TypeDefinitionHandle handle in check._reader.TypeDefinitions)
        {
            string name = check._signatures.Name(handle);
            bool asked = only is null || name == only || name.StartsWith(only + ".", StringComparison.Ordinal);
            if (asked && !HostCompiler.Wrote(name))
            {
                check.Type(name, check._reader.GetTypeDefinition(handle));
            }
        }

        return check._findings;
    }

    private void Type(string name, TypeDefinition type)
    {
        Begin(name);
        if (type.GetGenericParameters().Count > 0)
        {
            Found("generic type");
        }

        Use(type.BaseType);
        foreach (InterfaceImplementationHandle handle in type.GetInterfaceImplementations())
        {
            Use(_reader.GetInterfaceImplementation(handle).Interface);
        }

        Attributes(type.GetCustomAttributes());
        End();

        foreach (FieldDefinitionHandle handle in type.GetFields())
        {
            FieldDefinition field = _reader.GetFieldDefinition(handle);
            Begin(name + "." + _reader.GetString(field.Name));
            field.DecodeSignature(_signatures, null);
            Attributes(field.GetCustomAttributes());
            End();
        }

        foreach (MethodDefinitionHandle handle in type.GetMethods())
        {
            MethodDefinition method = _reader.GetMethodDefinition(handle);
            Begin(name + "." + _reader.GetString(method.Name));
            if (type.Attributes.HasFlag(TypeAttributes.Interface) && method.RelativeVirtualAddress != 0)
            {
                Found("interface method with a body");
            }

            Method(method);
            End();
        }
    }

    private void Method(MethodDefinition method)
    {
        if (method.GetGenericParameters().Count > 0)
        {
            Found("generic method");
        }

        method.DecodeSignature(_signatures, null);
        Attributes(method.GetCustomAttributes());
        if (method.RelativeVirtualAddress == 0)
        {
            return;
        }

        MethodBodyBlock body = _file.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
        {
            _reader.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(_signatures, null);
        }

        foreach (ExceptionRegion region in body.ExceptionRegions)
        {
            Use(region.CatchType);
        }

        foreach ((OpCode code, EntityHandle operand) in MethodTokens.Read(body.GetILBytes()!))
        {
            if (code == OpCodes.Localloc)
            {
                Found("stackalloc");
            }

            Use(operand);
        }
    }

    private void Attributes(CustomAttributeHandleCollection attributes)
    {
        foreach (CustomAttributeHandle handle in attributes)
        {
            EntityHandle constructor = _reader.GetCustomAttribute(handle).Constructor;
            if (constructor.Kind == HandleKind.MemberReference)
            {
                MemberReference member = _reader.GetMemberReference((MemberReferenceHandle)constructor);
                string type = _signatures.NameOf((TypeReferenceHandle)member.Parent);
                if (!HostCompiler.Marks(type))
                {
                    Use(constructor);
                }
            }
        }
    }

    private void Use(EntityHandle used)
    {
        switch (used.IsNil ? HandleKind.ModuleDefinition : used.Kind)
        {
            case HandleKind.TypeReference or HandleKind.TypeSpecification:
                _signatures.Name(used);
                break;
            case HandleKind.MemberReference:
                Member(_reader.GetMemberReference((MemberReferenceHandle)used));
                break;
            case HandleKind.MethodSpecification:
                MethodSpecification generic = _reader.GetMethodSpecification((MethodSpecificationHandle)used);
                if (generic.Method.Kind == HandleKind.MemberReference)
                {
                    MemberReference method = _reader.GetMemberReference((MemberReferenceHandle)generic.Method);
                    Found("generic method " + _signatures.Name(method.Parent) + "." + _reader.GetString(method.Name));
                }
                else
                {
                    Found("generic method");
                }

                generic.DecodeSignature(_signatures, null);
                break;
        }
    }

    private void Member(MemberReference member)
    {
        SignatureReader own = new(_reader);
        string type = own.Name(member.Parent);
        string name = _reader.GetString(member.Name);
        bool isField = member.GetKind() == MemberReferenceKind.Field;
        MethodSignature<string> method = isField ? default : member.DecodeMethodSignature(own, null);
        string parameters = isField ? "" : "(" + string.Join(',', method.ParameterTypes) + ")";
        if (isField)
        {
            member.DecodeFieldSignature(own, null);
        }

        if (HostCompiler.Calls(type + "." + name + parameters))
        {
            return;
        }

        _signatures.Types.AddRange(own.Types);
        _signatures.Shapes.AddRange(own.Shapes);
        bool listed = member.Parent.Kind != HandleKind.TypeReference
            || IsOurs((TypeReferenceHandle)member.Parent)
            || !_allowed.HasType(type)
            || (isField ? _allowed.HasField(type, name) : _allowed.HasMethod(type, name, method.ParameterTypes, method.ReturnType));
        if (!listed)
        {
            Found(type + "." + name + parameters);
        }
    }

    private bool IsOurs(TypeReferenceHandle type) => _signatures.AssemblyOf(type).StartsWith("MbmsMe.", StringComparison.Ordinal);

    private void Begin(string where)
    {
        _where = where;
        _signatures = new SignatureReader(_reader);
    }

    private void End()
    {
        foreach (string shape in _signatures.Shapes)
        {
            Found(shape);
        }

        foreach (TypeReferenceHandle type in _signatures.Types)
        {
            string name = _signatures.NameOf(type);
            if (!IsOurs(type) && !_allowed.HasType(name))
            {
                Found(MemberLists.Home(name) is string home ? $"{name} of {home}" : name);
            }
        }
    }

    private void Found(string what) => _findings.Add(_where + ": " + what);
}
