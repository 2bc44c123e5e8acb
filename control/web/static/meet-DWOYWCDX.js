import{a as l,b as u,c as m,d as J,e as h}from"./chunk-ZORKPPHW.js";var rt=globalThis,nt=rt.ShadowRoot&&(rt.ShadyCSS===void 0||rt.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,Qt=Symbol(),wi=new WeakMap,je=class{constructor(t,e,r){if(this._$cssResult$=!0,r!==Qt)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=t,this.t=e}get styleSheet(){let t=this.o,e=this.t;if(nt&&t===void 0){let r=e!==void 0&&e.length===1;r&&(t=wi.get(e)),t===void 0&&((this.o=t=new CSSStyleSheet).replaceSync(this.cssText),r&&wi.set(e,t))}return t}toString(){return this.cssText}},xi=i=>new je(typeof i=="string"?i:i+"",void 0,Qt),f=(i,...t)=>{let e=i.length===1?i[0]:t.reduce((r,n,o)=>r+(s=>{if(s._$cssResult$===!0)return s.cssText;if(typeof s=="number")return s;throw Error("Value passed to 'css' function must be a 'css' function result: "+s+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(n)+i[o+1],i[0]);return new je(e,i,Qt)},$i=(i,t)=>{if(nt)i.adoptedStyleSheets=t.map(e=>e instanceof CSSStyleSheet?e:e.styleSheet);else for(let e of t){let r=document.createElement("style"),n=rt.litNonce;n!==void 0&&r.setAttribute("nonce",n),r.textContent=e.cssText,i.appendChild(r)}},Jt=nt?i=>i:i=>i instanceof CSSStyleSheet?(t=>{let e="";for(let r of t.cssRules)e+=r.cssText;return xi(e)})(i):i;var{is:Qr,defineProperty:Jr,getOwnPropertyDescriptor:Xr,getOwnPropertyNames:Zr,getOwnPropertySymbols:en,getPrototypeOf:tn}=Object,ot=globalThis,ki=ot.trustedTypes,rn=ki?ki.emptyScript:"",nn=ot.reactiveElementPolyfillSupport,ze=(i,t)=>i,qe={toAttribute(i,t){switch(t){case Boolean:i=i?rn:null;break;case Object:case Array:i=i==null?i:JSON.stringify(i)}return i},fromAttribute(i,t){let e=i;switch(t){case Boolean:e=i!==null;break;case Number:e=i===null?null:Number(i);break;case Object:case Array:try{e=JSON.parse(i)}catch{e=null}}return e}},st=(i,t)=>!Qr(i,t),Ei={attribute:!0,type:String,converter:qe,reflect:!1,useDefault:!1,hasChanged:st};Symbol.metadata??=Symbol("metadata"),ot.litPropertyMetadata??=new WeakMap;var V=class extends HTMLElement{static addInitializer(t){this._$Ei(),(this.l??=[]).push(t)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(t,e=Ei){if(e.state&&(e.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(t)&&((e=Object.create(e)).wrapped=!0),this.elementProperties.set(t,e),!e.noAccessor){let r=Symbol(),n=this.getPropertyDescriptor(t,r,e);n!==void 0&&Jr(this.prototype,t,n)}}static getPropertyDescriptor(t,e,r){let{get:n,set:o}=Xr(this.prototype,t)??{get(){return this[e]},set(s){this[e]=s}};return{get:n,set(s){let p=n?.call(this);o?.call(this,s),this.requestUpdate(t,p,r)},configurable:!0,enumerable:!0}}static getPropertyOptions(t){return this.elementProperties.get(t)??Ei}static _$Ei(){if(this.hasOwnProperty(ze("elementProperties")))return;let t=tn(this);t.finalize(),t.l!==void 0&&(this.l=[...t.l]),this.elementProperties=new Map(t.elementProperties)}static finalize(){if(this.hasOwnProperty(ze("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(ze("properties"))){let e=this.properties,r=[...Zr(e),...en(e)];for(let n of r)this.createProperty(n,e[n])}let t=this[Symbol.metadata];if(t!==null){let e=litPropertyMetadata.get(t);if(e!==void 0)for(let[r,n]of e)this.elementProperties.set(r,n)}this._$Eh=new Map;for(let[e,r]of this.elementProperties){let n=this._$Eu(e,r);n!==void 0&&this._$Eh.set(n,e)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(t){let e=[];if(Array.isArray(t)){let r=new Set(t.flat(1/0).reverse());for(let n of r)e.unshift(Jt(n))}else t!==void 0&&e.push(Jt(t));return e}static _$Eu(t,e){let r=e.attribute;return r===!1?void 0:typeof r=="string"?r:typeof t=="string"?t.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(t=>this.enableUpdating=t),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(t=>t(this))}addController(t){(this._$EO??=new Set).add(t),this.renderRoot!==void 0&&this.isConnected&&t.hostConnected?.()}removeController(t){this._$EO?.delete(t)}_$E_(){let t=new Map,e=this.constructor.elementProperties;for(let r of e.keys())this.hasOwnProperty(r)&&(t.set(r,this[r]),delete this[r]);t.size>0&&(this._$Ep=t)}createRenderRoot(){let t=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return $i(t,this.constructor.elementStyles),t}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(t=>t.hostConnected?.())}enableUpdating(t){}disconnectedCallback(){this._$EO?.forEach(t=>t.hostDisconnected?.())}attributeChangedCallback(t,e,r){this._$AK(t,r)}_$ET(t,e){let r=this.constructor.elementProperties.get(t),n=this.constructor._$Eu(t,r);if(n!==void 0&&r.reflect===!0){let o=(r.converter?.toAttribute!==void 0?r.converter:qe).toAttribute(e,r.type);this._$Em=t,o==null?this.removeAttribute(n):this.setAttribute(n,o),this._$Em=null}}_$AK(t,e){let r=this.constructor,n=r._$Eh.get(t);if(n!==void 0&&this._$Em!==n){let o=r.getPropertyOptions(n),s=typeof o.converter=="function"?{fromAttribute:o.converter}:o.converter?.fromAttribute!==void 0?o.converter:qe;this._$Em=n;let p=s.fromAttribute(e,o.type);this[n]=p??this._$Ej?.get(n)??p,this._$Em=null}}requestUpdate(t,e,r,n=!1,o){if(t!==void 0){let s=this.constructor;if(n===!1&&(o=this[t]),r??=s.getPropertyOptions(t),!((r.hasChanged??st)(o,e)||r.useDefault&&r.reflect&&o===this._$Ej?.get(t)&&!this.hasAttribute(s._$Eu(t,r))))return;this.C(t,e,r)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(t,e,{useDefault:r,reflect:n,wrapped:o},s){r&&!(this._$Ej??=new Map).has(t)&&(this._$Ej.set(t,s??e??this[t]),o!==!0||s!==void 0)||(this._$AL.has(t)||(this.hasUpdated||r||(e=void 0),this._$AL.set(t,e)),n===!0&&this._$Em!==t&&(this._$Eq??=new Set).add(t))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(e){Promise.reject(e)}let t=this.scheduleUpdate();return t!=null&&await t,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[n,o]of this._$Ep)this[n]=o;this._$Ep=void 0}let r=this.constructor.elementProperties;if(r.size>0)for(let[n,o]of r){let{wrapped:s}=o,p=this[n];s!==!0||this._$AL.has(n)||p===void 0||this.C(n,void 0,o,p)}}let t=!1,e=this._$AL;try{t=this.shouldUpdate(e),t?(this.willUpdate(e),this._$EO?.forEach(r=>r.hostUpdate?.()),this.update(e)):this._$EM()}catch(r){throw t=!1,this._$EM(),r}t&&this._$AE(e)}willUpdate(t){}_$AE(t){this._$EO?.forEach(e=>e.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(t)),this.updated(t)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(t){return!0}update(t){this._$Eq&&=this._$Eq.forEach(e=>this._$ET(e,this[e])),this._$EM()}updated(t){}firstUpdated(t){}};V.elementStyles=[],V.shadowRootOptions={mode:"open"},V[ze("elementProperties")]=new Map,V[ze("finalized")]=new Map,nn?.({ReactiveElement:V}),(ot.reactiveElementVersions??=[]).push("2.1.2");var Zt=globalThis,Ti=i=>i,at=Zt.trustedTypes,Ai=at?at.createPolicy("lit-html",{createHTML:i=>i}):void 0,ei="$lit$",Y=`lit$${Math.random().toFixed(9).slice(2)}$`,ti="?"+Y,on=`<${ti}>`,ce=document,Fe=()=>ce.createComment(""),Be=i=>i===null||typeof i!="object"&&typeof i!="function",ii=Array.isArray,Ri=i=>ii(i)||typeof i?.[Symbol.iterator]=="function",Xt=`[ 	
\f\r]`,Ke=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,Si=/-->/g,_i=/>/g,le=RegExp(`>|${Xt}(?:([^\\s"'>=/]+)(${Xt}*=${Xt}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),Mi=/'/g,Pi=/"/g,Li=/^(?:script|style|textarea|title)$/i,ri=i=>(t,...e)=>({_$litType$:i,strings:t,values:e}),a=ri(1),T=ri(2),no=ri(3),G=Symbol.for("lit-noChange"),c=Symbol.for("lit-nothing"),Ci=new WeakMap,de=ce.createTreeWalker(ce,129);function Oi(i,t){if(!ii(i)||!i.hasOwnProperty("raw"))throw Error("invalid template strings array");return Ai!==void 0?Ai.createHTML(t):t}var Ni=(i,t)=>{let e=i.length-1,r=[],n,o=t===2?"<svg>":t===3?"<math>":"",s=Ke;for(let p=0;p<e;p++){let d=i[p],k,_,v=-1,S=0;for(;S<d.length&&(s.lastIndex=S,_=s.exec(d),_!==null);)S=s.lastIndex,s===Ke?_[1]==="!--"?s=Si:_[1]!==void 0?s=_i:_[2]!==void 0?(Li.test(_[2])&&(n=RegExp("</"+_[2],"g")),s=le):_[3]!==void 0&&(s=le):s===le?_[0]===">"?(s=n??Ke,v=-1):_[1]===void 0?v=-2:(v=s.lastIndex-_[2].length,k=_[1],s=_[3]===void 0?le:_[3]==='"'?Pi:Mi):s===Pi||s===Mi?s=le:s===Si||s===_i?s=Ke:(s=le,n=void 0);let E=s===le&&i[p+1].startsWith("/>")?" ":"";o+=s===Ke?d+on:v>=0?(r.push(k),d.slice(0,v)+ei+d.slice(v)+Y+E):d+Y+(v===-2?p:E)}return[Oi(i,o+(i[e]||"<?>")+(t===2?"</svg>":t===3?"</math>":"")),r]},We=class i{constructor({strings:t,_$litType$:e},r){let n;this.parts=[];let o=0,s=0,p=t.length-1,d=this.parts,[k,_]=Ni(t,e);if(this.el=i.createElement(k,r),de.currentNode=this.el.content,e===2||e===3){let v=this.el.content.firstChild;v.replaceWith(...v.childNodes)}for(;(n=de.nextNode())!==null&&d.length<p;){if(n.nodeType===1){if(n.hasAttributes())for(let v of n.getAttributeNames())if(v.endsWith(ei)){let S=_[s++],E=n.getAttribute(v).split(Y),C=/([.?@])?(.*)/.exec(S);d.push({type:1,index:o,name:C[2],strings:E,ctor:C[1]==="."?dt:C[1]==="?"?ct:C[1]==="@"?pt:me}),n.removeAttribute(v)}else v.startsWith(Y)&&(d.push({type:6,index:o}),n.removeAttribute(v));if(Li.test(n.tagName)){let v=n.textContent.split(Y),S=v.length-1;if(S>0){n.textContent=at?at.emptyScript:"";for(let E=0;E<S;E++)n.append(v[E],Fe()),de.nextNode(),d.push({type:2,index:++o});n.append(v[S],Fe())}}}else if(n.nodeType===8)if(n.data===ti)d.push({type:2,index:o});else{let v=-1;for(;(v=n.data.indexOf(Y,v+1))!==-1;)d.push({type:7,index:o}),v+=Y.length-1}o++}}static createElement(t,e){let r=ce.createElement("template");return r.innerHTML=t,r}};function pe(i,t,e=i,r){if(t===G)return t;let n=r!==void 0?e._$Co?.[r]:e._$Cl,o=Be(t)?void 0:t._$litDirective$;return n?.constructor!==o&&(n?._$AO?.(!1),o===void 0?n=void 0:(n=new o(i),n._$AT(i,e,r)),r!==void 0?(e._$Co??=[])[r]=n:e._$Cl=n),n!==void 0&&(t=pe(i,n._$AS(i,t.values),n,r)),t}var lt=class{constructor(t,e){this._$AV=[],this._$AN=void 0,this._$AD=t,this._$AM=e}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(t){let{el:{content:e},parts:r}=this._$AD,n=(t?.creationScope??ce).importNode(e,!0);de.currentNode=n;let o=de.nextNode(),s=0,p=0,d=r[0];for(;d!==void 0;){if(s===d.index){let k;d.type===2?k=new ke(o,o.nextSibling,this,t):d.type===1?k=new d.ctor(o,d.name,d.strings,this,t):d.type===6&&(k=new mt(o,this,t)),this._$AV.push(k),d=r[++p]}s!==d?.index&&(o=de.nextNode(),s++)}return de.currentNode=ce,n}p(t){let e=0;for(let r of this._$AV)r!==void 0&&(r.strings!==void 0?(r._$AI(t,r,e),e+=r.strings.length-2):r._$AI(t[e])),e++}},ke=class i{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(t,e,r,n){this.type=2,this._$AH=c,this._$AN=void 0,this._$AA=t,this._$AB=e,this._$AM=r,this.options=n,this._$Cv=n?.isConnected??!0}get parentNode(){let t=this._$AA.parentNode,e=this._$AM;return e!==void 0&&t?.nodeType===11&&(t=e.parentNode),t}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(t,e=this){t=pe(this,t,e),Be(t)?t===c||t==null||t===""?(this._$AH!==c&&this._$AR(),this._$AH=c):t!==this._$AH&&t!==G&&this._(t):t._$litType$!==void 0?this.$(t):t.nodeType!==void 0?this.T(t):Ri(t)?this.k(t):this._(t)}O(t){return this._$AA.parentNode.insertBefore(t,this._$AB)}T(t){this._$AH!==t&&(this._$AR(),this._$AH=this.O(t))}_(t){this._$AH!==c&&Be(this._$AH)?this._$AA.nextSibling.data=t:this.T(ce.createTextNode(t)),this._$AH=t}$(t){let{values:e,_$litType$:r}=t,n=typeof r=="number"?this._$AC(t):(r.el===void 0&&(r.el=We.createElement(Oi(r.h,r.h[0]),this.options)),r);if(this._$AH?._$AD===n)this._$AH.p(e);else{let o=new lt(n,this),s=o.u(this.options);o.p(e),this.T(s),this._$AH=o}}_$AC(t){let e=Ci.get(t.strings);return e===void 0&&Ci.set(t.strings,e=new We(t)),e}k(t){ii(this._$AH)||(this._$AH=[],this._$AR());let e=this._$AH,r,n=0;for(let o of t)n===e.length?e.push(r=new i(this.O(Fe()),this.O(Fe()),this,this.options)):r=e[n],r._$AI(o),n++;n<e.length&&(this._$AR(r&&r._$AB.nextSibling,n),e.length=n)}_$AR(t=this._$AA.nextSibling,e){for(this._$AP?.(!1,!0,e);t!==this._$AB;){let r=Ti(t).nextSibling;Ti(t).remove(),t=r}}setConnected(t){this._$AM===void 0&&(this._$Cv=t,this._$AP?.(t))}},me=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(t,e,r,n,o){this.type=1,this._$AH=c,this._$AN=void 0,this.element=t,this.name=e,this._$AM=n,this.options=o,r.length>2||r[0]!==""||r[1]!==""?(this._$AH=Array(r.length-1).fill(new String),this.strings=r):this._$AH=c}_$AI(t,e=this,r,n){let o=this.strings,s=!1;if(o===void 0)t=pe(this,t,e,0),s=!Be(t)||t!==this._$AH&&t!==G,s&&(this._$AH=t);else{let p=t,d,k;for(t=o[0],d=0;d<o.length-1;d++)k=pe(this,p[r+d],e,d),k===G&&(k=this._$AH[d]),s||=!Be(k)||k!==this._$AH[d],k===c?t=c:t!==c&&(t+=(k??"")+o[d+1]),this._$AH[d]=k}s&&!n&&this.j(t)}j(t){t===c?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,t??"")}},dt=class extends me{constructor(){super(...arguments),this.type=3}j(t){this.element[this.name]=t===c?void 0:t}},ct=class extends me{constructor(){super(...arguments),this.type=4}j(t){this.element.toggleAttribute(this.name,!!t&&t!==c)}},pt=class extends me{constructor(t,e,r,n,o){super(t,e,r,n,o),this.type=5}_$AI(t,e=this){if((t=pe(this,t,e,0)??c)===G)return;let r=this._$AH,n=t===c&&r!==c||t.capture!==r.capture||t.once!==r.once||t.passive!==r.passive,o=t!==c&&(r===c||n);n&&this.element.removeEventListener(this.name,this,r),o&&this.element.addEventListener(this.name,this,t),this._$AH=t}handleEvent(t){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,t):this._$AH.handleEvent(t)}},mt=class{constructor(t,e,r){this.element=t,this.type=6,this._$AN=void 0,this._$AM=e,this.options=r}get _$AU(){return this._$AM._$AU}_$AI(t){pe(this,t)}},Ii={M:ei,P:Y,A:ti,C:1,L:Ni,R:lt,D:Ri,V:pe,I:ke,H:me,N:ct,U:pt,B:dt,F:mt},sn=Zt.litHtmlPolyfillSupport;sn?.(We,ke),(Zt.litHtmlVersions??=[]).push("3.3.3");var Di=(i,t,e)=>{let r=e?.renderBefore??t,n=r._$litPart$;if(n===void 0){let o=e?.renderBefore??null;r._$litPart$=n=new ke(t.insertBefore(Fe(),o),o,void 0,e??{})}return n._$AI(i),n};var ni=globalThis,g=class extends V{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let t=super.createRenderRoot();return this.renderOptions.renderBefore??=t.firstChild,t}update(t){let e=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(t),this._$Do=Di(e,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return G}};g._$litElement$=!0,g.finalized=!0,ni.litElementHydrateSupport?.({LitElement:g});var an=ni.litElementPolyfillSupport;an?.({LitElement:g});(ni.litElementVersions??=[]).push("4.2.2");var b=i=>(t,e)=>{e!==void 0?e.addInitializer(()=>{customElements.define(i,t)}):customElements.define(i,t)};var ln={attribute:!0,type:String,converter:qe,reflect:!1,hasChanged:st},dn=(i=ln,t,e)=>{let{kind:r,metadata:n}=e,o=globalThis.litPropertyMetadata.get(n);if(o===void 0&&globalThis.litPropertyMetadata.set(n,o=new Map),r==="setter"&&((i=Object.create(i)).wrapped=!0),o.set(e.name,i),r==="accessor"){let{name:s}=e;return{set(p){let d=t.get.call(this);t.set.call(this,p),this.requestUpdate(s,d,i,!0,p)},init(p){return p!==void 0&&this.C(s,void 0,i,p),p}}}if(r==="setter"){let{name:s}=e;return function(p){let d=this[s];t.call(this,p),this.requestUpdate(s,d,i,!0,p)}}throw Error("Unsupported decorator location: "+r)};function y(i){return(t,e)=>typeof e=="object"?dn(i,t,e):((r,n,o)=>{let s=n.hasOwnProperty(o);return n.constructor.createProperty(o,r),s?Object.getOwnPropertyDescriptor(n,o):void 0})(i,t,e)}function $(i){return y({...i,state:!0,attribute:!1})}var he=(i,t,e)=>(e.configurable=!0,e.enumerable=!0,Reflect.decorate&&typeof t!="object"&&Object.defineProperty(i,t,e),e);function M(i,t){return(e,r,n)=>{let o=s=>s.renderRoot?.querySelector(i)??null;if(t){let{get:s,set:p}=typeof r=="object"?e:n??(()=>{let d=Symbol();return{get(){return this[d]},set(k){this[d]=k}}})();return he(e,r,{get(){let d=s.call(this);return d===void 0&&(d=o(this),(d!==null||this.hasUpdated)&&p.call(this,d)),d}})}return he(e,r,{get(){return o(this)}})}}var ht="parley.";function X(i,t){ji(()=>localStorage.setItem(ht+i,t))}function Z(i){return Hi(()=>localStorage.getItem(ht+i))}function Ui(){return Hi(()=>sessionStorage.getItem(ht+"tab"))??oi()}function oi(){let i=Array.from(crypto.getRandomValues(new Uint8Array(4)),t=>t.toString(16).padStart(2,"0")).join("");return ji(()=>sessionStorage.setItem(ht+"tab",i)),i}function Hi(i){try{return i()}catch{return null}}function ji(i){try{i()}catch{}}var w=f`
  :host { box-sizing: border-box; }
  :host([hidden]), [hidden] { display: none !important; }
  *, *::before, *::after { box-sizing: border-box; }
  h1, h2, h3, p, ul, ol, figure { margin: 0; padding: 0; }
  ul, ol { list-style: none; }
  h1, h2, h3 { font-weight: 620; letter-spacing: -0.011em; line-height: 1.2; text-wrap: balance; }
  h1 { font-size: var(--text-2xl); letter-spacing: -0.022em; }
  h2 { font-size: var(--text-l); }
  p { text-wrap: pretty; }
  a { color: var(--accent); text-underline-offset: 0.18em; }
  :focus-visible { outline: var(--focus); outline-offset: 2px; }
  .muted { color: var(--ink-2); }
  .small { font-size: var(--text-s); }
  .visually-hidden {
    position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
  }
  @media (prefers-reduced-motion: reduce) {
    *, *::before, *::after { animation-duration: 0.01ms !important; animation-iteration-count: 1 !important; transition-duration: 0.01ms !important; }
  }
`;var A=f`
  .button {
    display: inline-flex; align-items: center; justify-content: center; gap: 0.5rem;
    min-height: 2.5rem; padding: 0.5rem 0.95rem; border: 1px solid var(--line); border-radius: var(--radius-m);
    background: var(--raised); color: var(--ink); font: 560 var(--text-m)/1.2 var(--font); text-decoration: none;
    white-space: nowrap; cursor: pointer; transition: background 120ms, border-color 120ms, color 120ms, transform 80ms;
    -webkit-tap-highlight-color: transparent;
  }
  .button:hover { border-color: var(--line-strong); }
  .button:active { transform: translateY(1px); }
  .button[disabled] { opacity: 0.55; cursor: default; transform: none; border-color: var(--line); }
  .button.primary { background: var(--accent); border-color: transparent; color: var(--accent-ink); }
  .button.primary:hover:not([disabled]) { background: var(--accent-hover); }
  .button.danger { background: var(--danger-solid); border-color: transparent; color: #fff; }
  .button.danger:hover { background: var(--danger-solid-hover); }
  .button.quiet { background: transparent; border-color: transparent; color: var(--ink-2); }
  .button.quiet:hover { background: color-mix(in srgb, var(--ink) 7%, transparent); color: var(--ink); }
  .button.large { min-height: 3rem; padding: 0.7rem 1.4rem; font-size: 1rem; }
  .button.wide { width: 100%; }
  .button.round { width: 2.5rem; padding: 0; border-radius: 50%; }
  .button svg { flex: none; }
`;var cn={mic:T`<rect x="9" y="3" width="6" height="11" rx="3"/><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3"/>`,"mic-off":T`<path d="M15 9.5V6a3 3 0 0 0-5.8-1M9 9.5V11a3 3 0 0 0 4.2 2.75M5.5 11.5a6.5 6.5 0 0 0 9.8 5.6M18.5 11.5c0 1-.2 1.9-.6 2.7M12 18v3M4 3.5l16 17"/>`,screen:T`<rect x="3" y="4.5" width="18" height="12" rx="2"/><path d="M9 20h6M12 7.5v5.5M9.5 9.8 12 7.3l2.5 2.5"/>`,pause:T`<path d="M9 6v12M15 6v12"/>`,play:T`<path d="M8 5.5v13l10.5-6.5z"/>`,stop:T`<rect x="6.5" y="6.5" width="11" height="11" rx="2"/>`,agent:T`<circle cx="12" cy="12" r="4"/><path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M5.6 18.4 7 17M17 7l1.4-1.4"/>`,"agent-off":T`<path d="M9.2 9.2a4 4 0 0 0 5.6 5.6M15.9 12.8A4 4 0 0 0 11.2 8.1M12 3v2M12 19v2M3 12h2M19 12h2M17 7l1.4-1.4M5.6 18.4 7 17M4 3.5l16 17"/>`,link:T`<path d="M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7L12 7M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7L12 17"/>`,leave:T`<path d="M10 4H6.5A2.5 2.5 0 0 0 4 6.5v11A2.5 2.5 0 0 0 6.5 20H10M15 8l4 4-4 4M19 12H9.5"/>`,send:T`<path d="M12 19V5M6 11l6-6 6 6"/>`,close:T`<path d="M6 6l12 12M18 6 6 18"/>`,copy:T`<rect x="8.5" y="8.5" width="11.5" height="11.5" rx="2.5"/><path d="M15.5 5.5A2 2 0 0 0 13.5 4h-7A2.5 2.5 0 0 0 4 6.5v7a2 2 0 0 0 1.5 2"/>`,check:T`<path d="M5 12.5l4.5 4.5L19 7.5"/>`,thread:T`<path d="M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.5v7a2.5 2.5 0 0 1-2.5 2.5H11l-4.5 4v-4A2.5 2.5 0 0 1 4 13.5z"/>`,transcript:T`<path d="M6 3.5h8l4 4V18a2.5 2.5 0 0 1-2.5 2.5h-7A2.5 2.5 0 0 1 6 18zM9.5 11h5M9.5 14.5h5"/>`,sun:T`<circle cx="12" cy="12" r="4"/><path d="M12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.600l1.1 1.100M17.3 17.300l1.1 1.100M5.6 18.400l1.1-1.100M17.3 6.700l1.1-1.1"/>`,moon:T`<path d="M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z"/>`,auto:T`<circle cx="12" cy="12" r="8"/><path d="M12 4a8 8 0 0 1 0 16z" fill="currentColor"/>`,info:T`<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5M12 8h.01"/>`,alert:T`<path d="M12 4 3.5 19h17zM12 10v4M12 16.5h.01"/>`,volume:T`<path d="M4 10v4h3.5L12 18V6L7.5 10zM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11"/>`,download:T`<path d="M12 4v11M7 10.5l5 5 5-5M5 20h14"/>`,shield:T`<path d="M12 3.5 5 6v5.5c0 4.3 2.9 7.5 7 9 4.1-1.5 7-4.7 7-9V6z"/>`,arrow:T`<path d="M5 12h14M13 6l6 6-6 6"/>`};function x(i,t=20){return a`<svg width=${t} height=${t} viewBox="0 0 24 24" fill="none" stroke="currentColor"
    stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${cn[i]}</svg>`}var zi={auto:"light",light:"dark",dark:"auto"},pn={auto:"auto",light:"sun",dark:"moon"},qi={auto:"as the system",light:"light",dark:"dark"};function si(i=Ki()){i==="auto"?delete document.documentElement.dataset.theme:document.documentElement.dataset.theme=i}function Ki(){let i=Z("theme");return i==="light"||i==="dark"?i:"auto"}var ut,Fi,Ee=class extends g{constructor(){super(...arguments);m(this,ut);this.theme=Ki()}render(){let e=`Theme: ${qi[this.theme]}. Switch to ${qi[zi[this.theme]]}`;return a`<button class="button quiet round" aria-label=${e} title=${e} @click=${h(this,ut,Fi)}>
      ${x(pn[this.theme])}
    </button>`}};ut=new WeakSet,Fi=function(){this.theme=zi[this.theme],X("theme",this.theme),si(this.theme)},Ee.styles=[w,A],l([$()],Ee.prototype,"theme",2),Ee=l([b("parley-theme")],Ee);var P=class extends Error{constructor(t,e,r="",n=null){super(t),this.status=e,this.code=r,this.retryAfterS=n}get isAway(){return this.status===0||this.status>=500}},mn=15e3;async function Bi(){try{return ai(await H("GET","/v1/sessions/current"))}catch(i){if(i instanceof P&&i.status===401)return null;throw i}}async function Wi(i,t){return ai(await H("POST","/v1/sessions",{email:i,password:t}))}async function Vi(i,t){return ai(await H("POST","/v1/sessions",{invite:i,name:t}))}function Yi(){return H("DELETE","/v1/sessions/current")}function Gi(){return H("GET","/v1/deployment")}function Qi(i){return H("GET",`/v1/invites/${encodeURIComponent(i)}`)}function Ji(i){return H("POST",`/v1/rooms/${encodeURIComponent(i)}/invites`,{})}function Xi(i){return H("GET",`/v1/rooms/${encodeURIComponent(i)}`)}function Zi(i,t,e){return H("POST","/v1/token",{room_name:i,participant_identity:t,participant_name:e})}async function ft(i){let t=new URLSearchParams({room_name:i,limit:"1"}),r=(await H("GET",`/v1/conversations?${t}`)).data[0];if(r===void 0)return[];let n=`/v1/conversations/${r.id}/transcript.json`;return(await H("GET",n)).turns}async function H(i,t,e){let r={method:i,signal:AbortSignal.timeout(mn),cache:"no-store"};e!==void 0&&(r.body=JSON.stringify(e),r.headers={"content-type":"application/json"});let n;try{n=await fetch(t,r)}catch{throw new P("The server does not answer. Is it running?",0,"unreachable")}if(!n.ok)throw await hn(n);return n.status===204?void 0:await n.json()}async function hn(i){let t=await i.json().catch(()=>({})),e=`The server answered with status ${i.status}.`,r=Number(i.headers.get("retry-after"));return new P(t.detail??t.title??e,i.status,t.code??"",Number.isFinite(r)&&r>0?r:null)}function ai(i){let t=i.user??i.guest;if(t===null)throw new P("The server sent a session without a person.",500,"session");return{identity:t.id,kind:i.user?"member":"guest",name:t.name,email:i.user?.email??null,tenant:i.tenant,roomName:i.guest?.room_name??null}}var un={info:"info",caution:"alert",error:"alert"},Te=class extends g{constructor(){super(...arguments);this.tone="info"}willUpdate(){this.role=this.tone==="error"?"alert":"status"}render(){return a`${x(un[this.tone]??"info",18)}
      <div class="text"><slot></slot></div>
      <slot name="action"></slot>`}};Te.styles=[w,f`
      :host {
        display: flex; align-items: center; gap: 0.7rem; padding: 0.65rem 0.9rem; border-radius: var(--radius-m);
        background: var(--accent-soft); color: var(--ink); font-size: var(--text-m); line-height: 1.4;
      }
      :host([tone="caution"]) { background: var(--caution-soft); color: var(--caution-ink); }
      :host([tone="error"]) { background: var(--danger-soft); color: var(--danger); }
      .text { flex: 1; min-width: 0; overflow-wrap: anywhere; }
      svg { flex: none; }
    `],l([y({reflect:!0})],Te.prototype,"tone",2),Te=l([b("parley-banner")],Te);function I(i,t){let e=i.error??i.hint;return a`
    <div class="field ${i.error?"wrong":""}">
      <label for=${i.id}>${i.label}</label>
      ${t}
      ${e?a`<p class="note" id="${i.id}-note">${e}</p>`:c}
    </div>
  `}var q=f`
  .field { display: grid; gap: 0.375rem; min-width: 0; }
  .field label { font-size: var(--text-s); font-weight: 560; color: var(--ink-2); }
  .field input, .field select {
    width: 100%; min-width: 0; height: 2.75rem; padding: 0 0.8rem; border: 1px solid var(--line-strong);
    border-radius: var(--radius-m); background: var(--raised); color: var(--ink); font: 400 1rem/1.2 var(--font);
    transition: border-color 120ms;
  }
  .field select { text-overflow: ellipsis; }
  .field input:hover, .field select:hover { border-color: var(--ink-3); }
  .field input:focus-visible, .field select:focus-visible { outline: var(--focus); outline-offset: 0; border-color: var(--accent); }
  .field input[readonly] { background: transparent; border-color: var(--line); color: var(--ink-2); }
  .field input::placeholder { color: var(--ink-3); }
  .field .note { font-size: var(--text-s); color: var(--ink-3); }
  .field.wrong input { border-color: var(--danger); }
  .field.wrong .note { color: var(--danger); }
`;function ee(i){i.renderRoot.querySelector("[autofocus]")?.focus()}var Ve=class extends g{render(){return a`
      <svg width="26" height="26" viewBox="0 0 26 26" fill="none" aria-hidden="true">
        <path class="ring" d="M13 1a12 12 0 1 1-6.2 22.300L2.2 24.6 3.4 19.900A12 12 0 0 1 13 1z" />
        <path class="voice" d="M8.5 11.500v3M11.5 8.500v9M14.5 10.500v5M17.5 12.200v1.6" stroke-width="1.8" stroke-linecap="round" />
      </svg>
      <span>Parley</span>
    `}};Ve.styles=[w,f`
      :host { display: inline-flex; align-items: center; gap: 0.55rem; font-weight: 680; font-size: 1.0625rem; letter-spacing: -0.02em; }
      svg { display: block; }
      .ring { fill: var(--accent); }
      .voice { stroke: var(--accent-ink); }
    `],Ve=l([b("parley-brand")],Ve);var Ye=class extends g{render(){return a`
      <header><parley-brand></parley-brand><span class="space"></span><slot name="end"></slot><parley-theme></parley-theme></header>
      <main><slot></slot></main>
    `}};Ye.styles=[w,f`
      :host { display: grid; grid-template-rows: auto 1fr; min-height: 100svh; }
      header { display: flex; align-items: center; gap: 0.5rem; padding: 1rem clamp(1rem, 4vw, 2rem); }
      .space { flex: 1; }
      main { display: grid; align-items: center; justify-items: center; padding: 0.5rem clamp(1rem, 4vw, 2rem) clamp(2rem, 8vh, 6rem); min-width: 0; }
      main > ::slotted(*) { min-width: 0; }
    `],Ye=l([b("parley-frame")],Ye);var er={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},tr=i=>(...t)=>({_$litDirective$:i,values:t}),gt=class{constructor(t){}get _$AU(){return this._$AM._$AU}_$AT(t,e,r){this._$Ct=t,this._$AM=e,this._$Ci=r}_$AS(t,e){return this.update(t,e)}update(t,e){return this.render(...e)}};var{I:fn}=Ii,ir=i=>i;var rr=()=>document.createComment(""),Ae=(i,t,e)=>{let r=i._$AA.parentNode,n=t===void 0?i._$AB:t._$AA;if(e===void 0){let o=r.insertBefore(rr(),n),s=r.insertBefore(rr(),n);e=new fn(o,s,i,i.options)}else{let o=e._$AB.nextSibling,s=e._$AM,p=s!==i;if(p){let d;e._$AQ?.(i),e._$AM=i,e._$AP!==void 0&&(d=i._$AU)!==s._$AU&&e._$AP(d)}if(o!==n||p){let d=e._$AA;for(;d!==o;){let k=ir(d).nextSibling;ir(r).insertBefore(d,n),d=k}}}return e},te=(i,t,e=i)=>(i._$AI(t,e),i),gn={},nr=(i,t=gn)=>i._$AH=t,or=i=>i._$AH,yt=i=>{i._$AR(),i._$AA.remove()};var sr=(i,t,e)=>{let r=new Map;for(let n=t;n<=e;n++)r.set(i[n],n);return r},ue=tr(class extends gt{constructor(i){if(super(i),i.type!==er.CHILD)throw Error("repeat() can only be used in text expressions")}dt(i,t,e){let r;e===void 0?e=t:t!==void 0&&(r=t);let n=[],o=[],s=0;for(let p of i)n[s]=r?r(p,s):s,o[s]=e(p,s),s++;return{values:o,keys:n}}render(i,t,e){return this.dt(i,t,e).values}update(i,[t,e,r]){let n=or(i),{values:o,keys:s}=this.dt(t,e,r);if(!Array.isArray(n))return this.ut=s,o;let p=this.ut??=[],d=[],k,_,v=0,S=n.length-1,E=0,C=o.length-1;for(;v<=S&&E<=C;)if(n[v]===null)v++;else if(n[S]===null)S--;else if(p[v]===s[E])d[E]=te(n[v],o[E]),v++,E++;else if(p[S]===s[C])d[C]=te(n[S],o[C]),S--,C--;else if(p[v]===s[C])d[C]=te(n[v],o[C]),Ae(i,d[C+1],n[v]),v++,C--;else if(p[S]===s[E])d[E]=te(n[S],o[E]),Ae(i,n[v],n[S]),S--,E++;else if(k===void 0&&(k=sr(s,E,C),_=sr(p,v,S)),k.has(p[v]))if(k.has(p[S])){let W=_.get(s[E]),Gt=W!==void 0?n[W]:null;if(Gt===null){let bi=Ae(i,n[v]);te(bi,o[E]),d[E]=bi}else d[E]=te(Gt,o[E]),Ae(i,n[v],Gt),n[W]=null;E++}else yt(n[S]),S--;else yt(n[v]),v++;for(;E<=C;){let W=Ae(i,d[C+1]);te(W,o[E]),d[E++]=W}for(;v<=S;){let W=n[v++];W!==null&&yt(W)}return this.ut=s,nr(i,d),G}});var Se,ar,lr,ie=class extends g{constructor(){super(...arguments);m(this,Se);this.heading="";this.wide=!1}render(){return a`
      <dialog aria-labelledby="heading" @close=${h(this,Se,ar)} @click=${h(this,Se,lr)}>
        <header>
          <h2 id="heading">${this.heading}</h2>
          <button class="button quiet round" aria-label="Close" @click=${()=>this.dialog.close()}>${x("close")}</button>
        </header>
        <div class="body"><slot></slot></div>
      </dialog>
    `}firstUpdated(){this.dialog.showModal()}};Se=new WeakSet,ar=function(){this.dispatchEvent(new CustomEvent("closed"))},lr=function(e){e.target===this.dialog&&this.dialog.close()},ie.styles=[w,A,f`
      dialog {
        width: min(30rem, calc(100vw - 2rem)); max-height: min(44rem, calc(100svh - 2rem)); padding: 0;
        border: 1px solid var(--line); border-radius: var(--radius-l); background: var(--surface); color: var(--ink);
        box-shadow: var(--shadow-2); overflow: hidden;
      }
      :host([wide]) dialog { width: min(46rem, calc(100vw - 2rem)); }
      dialog[open] { display: flex; flex-direction: column; animation: rise 160ms ease-out; }
      dialog::backdrop { background: #050a0899; backdrop-filter: blur(3px); }
      header { display: flex; align-items: center; gap: 1rem; padding: 1rem 1rem 0.5rem 1.5rem; }
      h2 { flex: 1; font-size: var(--text-xl); }
      .body { padding: 0.25rem 1.5rem 1.5rem; overflow: auto; }
      @keyframes rise { from { opacity: 0; transform: translateY(8px); } }
    `],l([y()],ie.prototype,"heading",2),l([y({type:Boolean,reflect:!0})],ie.prototype,"wide",2),l([M("dialog")],ie.prototype,"dialog",2),ie=l([b("parley-dialog")],ie);var D=class{#t=new Set;subscribe(t){return this.#t.add(t),()=>this.#t.delete(t)}changed(){for(let t of[...this.#t])t()}},R=class{#t;#e;#i;#r;constructor(t,e){this.#t=t,this.#e=e,t.addController(this)}hostConnected(){this.#n()}hostUpdate(){this.#n()}hostDisconnected(){this.#r?.(),this.#r=this.#i=void 0}#n(){let t=this.#e();t!==this.#i&&(this.#r?.(),this.#i=t,this.#r=t?.subscribe(()=>this.#t.requestUpdate()))}};var yn=6;function vt(i,t){return a`<span class="avatar tone-${bn(t)}" aria-hidden="true">${vn(i)}</span>`}function vn(i){let t=i.trim().split(/\s+/).filter(r=>r!=="");return(t.length>1?[t[0],t.at(-1)]:[t[0]]).map(r=>[...r??"?"][0]?.toUpperCase()??"?").join("")}function bn(i){let t=0;for(let e of i.split("-")[0]??"")t=(t*31+e.codePointAt(0))%997;return t%yn}var _e=f`
  .avatar {
    display: inline-grid; place-content: center; flex: none; width: 2rem; height: 2rem; border-radius: 50%; font-size: var(--text-xs); font-weight: 650;
    letter-spacing: 0.01em; background: var(--tone); color: #fff;
  }
  .tone-0 { --tone: #3c5a4c; }
  .tone-1 { --tone: #4a5470; }
  .tone-2 { --tone: #6d4f3f; }
  .tone-3 { --tone: #2f5f68; }
  .tone-4 { --tone: #6a4358; }
  .tone-5 { --tone: #5c5a32; }
`;var wn=12e4,dr={interrupted:"interrupted",failed:"not finished",sending:"sending…",unsent:"not sent"},xn=new Intl.DateTimeFormat(void 0,{hour:"2-digit",minute:"2-digit"}),$n=new Intl.DateTimeFormat(void 0,{weekday:"long",day:"numeric",month:"long"});function bt(i,t,e){let r=t===void 0||t.at.toDateString()!==i.at.toDateString(),n=!r&&t.role===i.role&&t.name===i.name&&i.at.getTime()-t.at.getTime()<wn;return a`
    ${r?a`<li class="day"><span>${$n.format(i.at)}</span></li>`:c}
    <li class="entry ${i.role} ${i.state} ${n?"follows":""}">
      ${n?c:a`
        ${i.role==="agent"?a`<span class="avatar spark" aria-hidden="true">${x("agent",17)}</span>`:vt(i.name,i.identity)}
        <div class="by"><b>${i.name}</b><time datetime=${i.at.toISOString()}>${xn.format(i.at)}</time>${kn(i)}</div>`}
      <p class="text">${i.text}${i.state==="live"?a`<span class="caret"></span>`:c}</p>
      ${dr[i.state]?a`<p class="state">${dr[i.state]}${i.state==="unsent"&&e?a` · <button @click=${()=>e(i)}>try again</button>`:c}</p>`:c}
    </li>
  `}function kn(i){if(i.role==="agent")return a`${c}`;let t=i.channel==="voice";return a`<span class="channel" title=${t?"spoken":"typed"}>${x(t?"mic":"thread",13)}<span class="visually-hidden">${t?"spoken":"typed"}</span></span>`}var wt=f`
  .entry { display: grid; grid-template-columns: 2rem minmax(0, 1fr); gap: 0.1rem 0.7rem; padding-top: 0.95rem; }
  .entry.follows { padding-top: 0.3rem; }
  .entry > .avatar { grid-row: 1 / span 2; margin-top: 0.1rem; }
  .entry > :not(.avatar) { grid-column: 2; }
  .spark { --tone: var(--accent-soft); color: var(--accent); }
  .by { display: flex; align-items: baseline; gap: 0.45rem; font-size: var(--text-s); min-width: 0; }
  .by b { font-weight: 620; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .agent .by b { color: var(--accent); }
  .by time { color: var(--ink-3); font-size: var(--text-xs); font-variant-numeric: tabular-nums; }
  .channel { color: var(--ink-3); align-self: center; display: inline-flex; }
  .text { white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.5; }
  .sending .text, .unsent .text { color: var(--ink-2); }
  .entry .state { font-size: var(--text-xs); color: var(--ink-3); }
  .unsent .state { color: var(--danger); }
  .state button { border: 0; padding: 0; background: none; color: inherit; font: inherit; text-decoration: underline; cursor: pointer; }
  .caret { display: inline-block; width: 0.5em; height: 1em; margin-left: 0.15em; vertical-align: -0.12em; border-radius: 2px; background: var(--accent); animation: blink 1s steps(2) infinite; }
  .day { display: flex; align-items: center; gap: 0.75rem; padding-top: 1rem; color: var(--ink-3); font-size: var(--text-xs); }
  .day::before, .day::after { content: ""; flex: 1; border-top: 1px solid var(--line); }
  @keyframes blink { 50% { opacity: 0; } }
`;var xt,$t,re=class extends g{constructor(){super();this.room="";this.copied=!1;m(this,xt,async()=>{await navigator.clipboard.writeText(cr(this.thread.entries)),this.copied=!0,setTimeout(()=>this.copied=!1,2e3)});m(this,$t,()=>{let e=document.createElement("a");e.href=URL.createObjectURL(new Blob([cr(this.thread.entries)],{type:"text/plain"})),e.download=`${this.room}-transcript.txt`,e.click(),URL.revokeObjectURL(e.href)});new R(this,()=>this.thread)}render(){let{entries:e}=this.thread;return a`<parley-dialog heading="Transcript" wide @closed=${()=>this.dispatchEvent(new CustomEvent("closed"))}>
      <div class="tools">
        <p>${this.room} · ${e.length} ${e.length===1?"turn":"turns"}</p>
        <button class="button" ?disabled=${e.length===0} @click=${u(this,xt)}>${x(this.copied?"check":"copy",18)}${this.copied?"Copied":"Copy"}</button>
        <button class="button" ?disabled=${e.length===0} @click=${u(this,$t)}>${x("download",18)}Save as text</button>
      </div>
      ${e.length===0?a`<p class="none">Nothing was said yet.</p>`:a`<ol>
        ${ue(e,r=>r.id,(r,n)=>bt(r,e[n-1]))}
      </ol>`}
    </parley-dialog>`}};xt=new WeakMap,$t=new WeakMap,re.styles=[w,A,_e,wt,f`
      .tools { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem; padding-bottom: 0.75rem; border-bottom: 1px solid var(--line); }
      .tools p { flex: 1; font-size: var(--text-s); color: var(--ink-2); }
      .none { padding: 2rem 0 1rem; text-align: center; color: var(--ink-2); }
    `],l([y({attribute:!1})],re.prototype,"thread",2),l([y()],re.prototype,"room",2),l([$()],re.prototype,"copied",2),re=l([b("parley-transcript")],re);function cr(i){return i.map(t=>`[${t.at.toLocaleString()}] ${t.name}: ${t.text}
`).join("")}function mr(i,t){let e=li(i,t),r=i.filter(n=>n.text!=="").map(n=>En(n,t));for(let n of e){let o=r.findLastIndex(s=>s.at.getTime()<=n.at.getTime());r.splice(o+1,0,n)}return r}function li(i,t){let e=new Map(i.map(r=>[r,di(r.text)]));return t.filter(r=>{for(let[n,o]of e){let s=hr(n,o,r);if(s!==null)return s===""?e.delete(n):e.set(n,s),!1}return!0})}function hr(i,t,e){if(i.role!==e.role||Math.abs(Date.parse(i.at)-e.at.getTime())>9e4||e.role==="user"&&pr(i.speaker.identity)!==pr(e.identity))return null;let r=di(e.text);return t===""||r===""?null:t.startsWith(r)?t.slice(r.length).trim():r.startsWith(t)?"":null}function En(i,t){let{identity:e,name:r}=i.speaker,n={id:`turn-${i.seq}`,role:i.role,identity:e,name:r,channel:i.channel,text:i.text,state:i.state==="streaming"?"complete":i.state,at:new Date(i.at)};if(i.state!=="streaming")return n;let o=t.find(s=>hr(i,di(i.text),s)==="");return o===void 0?n:{...n,text:o.text,state:o.state}}function pr(i){return i.replace(/^((?:user|guest)_[0-9a-f]{32})-[a-z0-9]{1,16}$/,"$1")}function di(i){return i.replace(/\s+/g," ").replace(/\s*…\s*$/,"").trim()}var Tn=1e3,Me=class extends D{constructor(e){super();this.#e=[];this.#i=[];this.isLoaded=!1;this.hasFailed=!1;this.#t=e}#t;#e;#i;#r;#n;get entries(){return this.#r??=mr(this.#e,this.#i),this.#r}get newestTyped(){return this.#i.findLast(e=>e.channel==="text")}async load(){try{this.#e=await ft(this.#t),this.isLoaded=!0,this.hasFailed=!1;let e=o=>o.state==="live"||o.state==="sending",r=li(this.#e,this.#i),n=this.#e.some(o=>o.state==="streaming");this.#i=this.#i.filter(o=>n||e(o)||r.includes(o))}catch{this.hasFailed=!0}this.#s()}loadSoon(){clearTimeout(this.#n),this.#n=setTimeout(()=>{this.load()},Tn)}stop(){clearTimeout(this.#n)}hear(e){!e.isAgent&&!e.isFinal||this.#o({id:e.id,role:e.isAgent?"agent":"user",identity:e.identity,name:e.name,channel:"voice",text:e.text,state:e.isFinal?"complete":"live",at:e.startedAt})}type(e,r,n,o,s){let p=this.#i.find(d=>d.id===e)?.at??new Date;this.#o({id:e,role:"user",identity:r,name:n,channel:"text",text:o,state:s,at:p})}#o(e){let r=this.#i.findIndex(n=>n.id===e.id);this.#i=r<0?[...this.#i,e]:this.#i.with(r,e),this.#s()}#s(){this.#r=void 0,this.changed()}};var ur="lounge",An=/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;function ci(i){return An.test(i)}function pi(i){let[,t,e,...r]=i.split("/");if(e!==void 0&&e!==""&&r.length===0){let n=Sn(e);if(t==="r"&&ci(n))return{kind:"room",room:n};if(t==="join")return{kind:"invite",code:n}}return{kind:"home"}}function fr(i){return`/r/${encodeURIComponent(i)}`}function Sn(i){try{return decodeURIComponent(i)}catch{return i}}var ne=f`
  .card {
    width: 100%; max-width: 26rem; padding: clamp(1.25rem, 4vw, 2rem); border: 1px solid var(--line); border-radius: var(--radius-l);
    background: var(--surface); box-shadow: var(--shadow-2);
  }
  .stack { display: grid; gap: 1.1rem; }
  .card header { display: grid; gap: 0.35rem; margin-bottom: 1.4rem; }
  .welcome { display: grid; gap: clamp(2rem, 6vw, 6rem); align-items: center; justify-items: center; width: 100%; max-width: 62rem; }
  .pitch { display: none; }
  @media (min-width: 56rem) {
    .welcome { grid-template-columns: 1fr 26rem; justify-items: stretch; }
    .pitch { display: grid; gap: 1.75rem; }
    .pitch parley-orb { margin: 0 0 -0.5rem -1.7rem; }
    .pitch h1 { font-size: clamp(2.25rem, 1rem + 2.8vw, 3.1rem); line-height: 1.06; letter-spacing: -0.035em; max-width: 13ch; }
    .pitch p { max-width: 38ch; font-size: var(--text-l); color: var(--ink-2); }
  }
`;var kt=class extends D{constructor(){super(...arguments);this.state="opening";this.devices=[];this.deviceId=Z("microphone")??void 0;this.#r=!1;this.#n=new Float32Array(1024);this.#o=()=>{this.#p()}}#t;#e;#i;#r;#n;#o;async prepare(){if(!window.isSecureContext||navigator.mediaDevices===void 0)return this.#a("insecure");navigator.mediaDevices.addEventListener("devicechange",this.#o);let e=await _n();if(e?.addEventListener("change",()=>{this.#c(e.state)}),e?.state==="granted")return this.open();this.#a(e?.state==="denied"?"denied":"unknown")}async open(e=this.deviceId){this.#a("opening");try{await this.#s(e),this.deviceId=e,e!==void 0&&X("microphone",e),await this.#p(),this.#a("open")}catch(r){let n=r instanceof DOMException?r.name:"";this.#a(n==="NotAllowedError"?"denied":"missing")}}level(){if(this.#i===void 0)return 0;this.#i.getFloatTimeDomainData(this.#n);let e=0;for(let n of this.#n)e+=n*n;let r=10*Math.log10(e/this.#n.length+1e-10);return Math.min(1,Math.max(0,(r+60)/50))}close(){this.#r=!0,navigator.mediaDevices?.removeEventListener("devicechange",this.#o),this.#l()}async#s(e){this.#l();let r=e===void 0?{}:{deviceId:{ideal:e}};if(this.#t=await navigator.mediaDevices.getUserMedia({audio:r}),this.#r)return this.#l();if(this.#e=new AudioContext,this.#i=this.#e.createAnalyser(),this.#i.fftSize=this.#n.length,this.#e.createMediaStreamSource(this.#t).connect(this.#i),this.#e.state==="suspended"){let n=()=>{this.#e?.resume()};window.addEventListener("pointerdown",n,{once:!0}),window.addEventListener("keydown",n,{once:!0})}}#l(){for(let e of this.#t?.getTracks()??[])e.stop();this.#e?.close(),this.#t=this.#e=this.#i=void 0}async#p(){let e=await navigator.mediaDevices.enumerateDevices();this.devices=e.filter(r=>r.kind==="audioinput"&&r.deviceId!==""),this.deviceId!==void 0&&!this.devices.some(r=>r.deviceId===this.deviceId)&&(this.deviceId=void 0),this.changed()}async#c(e){e==="granted"&&this.state!=="open"&&this.state!=="opening"&&await this.open(),e==="denied"&&(this.#l(),this.#a("denied"))}#a(e){this.state=e,this.changed()}};async function _n(){try{return await navigator.permissions.query({name:"microphone"})}catch{return}}function Et(i){return i?.profile?.startsWith("local")??!1}var gr="Local profile: hears English, reads the screen, answers only by quoting documents; it does not reason.",Tt=f`
  .mark {
    display: inline-block; padding: 0.05rem 0.5rem; border-radius: 99px; background: var(--accent-soft); color: var(--accent);
    font-size: var(--text-xs); font-weight: 600; white-space: nowrap;
  }
`;var Ge,Pe,fe=class extends g{constructor(){super(...arguments);m(this,Ge,0);m(this,Pe,0)}render(){return a`<div class="track" role="img" aria-label="Microphone level"><div class="fill"></div></div>`}firstUpdated(){let e=()=>{let r=this.microphone?.level()??0;J(this,Pe,Math.max(r,u(this,Pe)-.03)),this.fill.style.setProperty("--shown",`${(u(this,Pe)*100).toFixed(1)}%`),J(this,Ge,requestAnimationFrame(e))};e()}disconnectedCallback(){super.disconnectedCallback(),cancelAnimationFrame(u(this,Ge))}};Ge=new WeakMap,Pe=new WeakMap,fe.styles=[w,f`
      :host { display: block; }
      .track { position: relative; height: 0.75rem; }
      .track, .fill { border-radius: 3px; mask: repeating-linear-gradient(90deg, #000 0 6px, transparent 6px 9px); }
      .track { background: var(--line); }
      .fill { position: absolute; inset: 0; background: linear-gradient(90deg, var(--glow-1), var(--glow-2)); clip-path: inset(0 calc(100% - var(--shown, 0%)) 0 0); }
    `],l([y({attribute:!1})],fe.prototype,"microphone",2),l([M(".fill")],fe.prototype,"fill",2),fe=l([b("parley-meter")],fe);var K,yr,Re,At,Ce=class extends g{constructor(){super();m(this,K);m(this,At,e=>{this.microphone.open(e.target.value)});new R(this,()=>this.microphone)}render(){switch(this.microphone.state){case"open":return h(this,K,yr).call(this);case"opening":return h(this,K,Re).call(this,"mic","Opening your microphone…","If your browser asks, choose Allow.");case"unknown":return h(this,K,Re).call(this,"mic","Let Parley hear you","Your browser will ask for the microphone. You stay in charge: mute it whenever you like.","Allow microphone");case"denied":return h(this,K,Re).call(this,"mic-off","The microphone is blocked",`${Mn()} You can also join now and type.`,"Check again");case"missing":return h(this,K,Re).call(this,"mic-off","No microphone was found","Plug one in, or close the program that holds it. You can also join now and type.","Look again");case"insecure":return h(this,K,Re).call(this,"shield","No microphone on this address","Browsers give the microphone only to https pages and to localhost. Open this page there, or join now and type.")}}};K=new WeakSet,yr=function(){let{devices:e,deviceId:r}=this.microphone;return a`<div class="open">
      ${I({id:"device",label:"Microphone"},a`
        <select id="device" @change=${u(this,At)}>
          ${e.map((n,o)=>a`
            <option value=${n.deviceId} ?selected=${n.deviceId===r}>${n.label||`Microphone ${o+1}`}</option>`)}
        </select>`)}
      <parley-meter .microphone=${this.microphone}></parley-meter>
    </div>`},Re=function(e,r,n,o){return a`<div class="help" role="status">
      ${x(e)}<h3>${r}</h3><p>${n}</p>
      ${o?a`<button class="button" @click=${()=>this.microphone.open()}>${o}</button>`:""}
    </div>`},At=new WeakMap,Ce.styles=[w,A,q,f`
      .help { display: grid; grid-template-columns: auto 1fr; gap: 0.3rem 0.8rem; padding: 1rem; border-radius: var(--radius-m); background: var(--sunken); }
      .help > svg { color: var(--ink-2); margin-top: 0.1rem; }
      .help h3 { font-size: var(--text-m); }
      .help p, .help .button { grid-column: 2; }
      .help p { font-size: var(--text-s); color: var(--ink-2); line-height: 1.5; }
      .help .button { justify-self: start; margin-top: 0.45rem; }
      .open { display: grid; gap: 0.9rem; }
    `],l([y({attribute:!1})],Ce.prototype,"microphone",2),Ce=l([b("parley-sound")],Ce);function Mn(){return/firefox/i.test(navigator.userAgent)?"Click the microphone symbol left of the address, remove the block and reload.":/safari/i.test(navigator.userAgent)&&!/chrom/i.test(navigator.userAgent)?"Open Safari's menu, choose Settings for this website, and allow the microphone.":"Click the symbol left of the address, switch the microphone on for this site, then check again."}var ge,oe,vr,br,wr,St,_t,N=class extends g{constructor(){super(...arguments);m(this,oe);this.deployment=null;this.room="";this.roomTrouble="";this.history=null;this.showsHistory=!1;m(this,ge,new kt);m(this,St,e=>{e.preventDefault();let r=this.nameInput.value.trim(),n=this.roomInput.value.trim();if(!ci(n)){this.roomTrouble="Letters, digits, dot, dash and underscore, beginning with a letter or digit.";return}if(r==="")return;this.session.kind==="member"&&X("name",r);let{state:o,deviceId:s}=u(this,ge),d={room:n,name:r,withMicrophone:o==="open"||o==="opening",deviceId:s};this.dispatchEvent(new CustomEvent("join",{detail:d}))});m(this,_t,async()=>{await Yi().catch(()=>{}),this.dispatchEvent(new CustomEvent("signed-out"))})}connectedCallback(){super.connectedCallback(),u(this,ge).prepare(),h(this,oe,wr).call(this)}disconnectedCallback(){super.disconnectedCallback(),u(this,ge).close()}firstUpdated(){ee(this)}render(){let e=this.session.kind==="guest";return a`<parley-frame>
      <button slot="end" class="button quiet" @click=${u(this,_t)}>${e?"Leave as a guest":"Sign out"}</button>
      <div class="welcome">
        <div class="intro">
          <p class="where">${this.session.tenant.name}${e?" · as a guest":""}</p>
          <h1 id="title">Ready to join?</h1>
          ${h(this,oe,br).call(this)}
          ${this.history?a`<button class="button look-back" @click=${()=>this.showsHistory=!0}>${x("transcript",18)}What was said here</button>`:c}
        </div>
        <section class="card" aria-labelledby="title">${h(this,oe,vr).call(this,e)}</section>
      </div>
    </parley-frame>
    ${this.showsHistory&&this.history?a`<parley-transcript .thread=${this.history} .room=${this.room} @closed=${()=>this.showsHistory=!1}></parley-transcript>`:c}`}};ge=new WeakMap,oe=new WeakSet,vr=function(e){return a`<form class="stack" @submit=${u(this,St)}>
      <div class="pair">
        ${I({id:"name",label:"Your name"},a`
          <input id="name" autocomplete="name" maxlength="60" required ?readonly=${e}
            .value=${e?this.session.name:Z("name")??this.session.name}>`)}
        ${I({id:"room",label:"Room",error:this.roomTrouble||void 0},a`
          <input id="room" autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="64" required ?readonly=${e}
            .value=${this.room} aria-describedby="room-note" @input=${()=>this.roomTrouble=""}>`)}
      </div>
      <parley-sound .microphone=${u(this,ge)}></parley-sound>
      <button class="button primary large wide" autofocus>Join</button>
    </form>`},br=function(){return a`<ul class="notice">
      <li>${x("agent")}<p>An AI teammate, Parley, listens and transcribes. Everyone in the room can read what is said, typed and shown.</p></li>
      ${Et(this.deployment)?a`<li>${x("shield")}<p><span class="mark">Local profile</span> It hears English, reads the screen, answers only by quoting documents; it does not reason.</p></li>`:c}
    </ul>`},wr=async function(){if((await ft(this.room).catch(()=>[])).length===0)return;let r=new Me(this.room);await r.load(),this.history=r},St=new WeakMap,_t=new WeakMap,N.styles=[w,A,q,ne,Tt,f`
      .pair { display: grid; gap: 1.1rem; }
      @media (min-width: 21rem) { .pair { grid-template-columns: 1fr 1fr; gap: 0.8rem; } }
      .intro { display: grid; gap: 1.1rem; justify-items: start; width: 100%; max-width: 26rem; }
      .where { font-weight: 560; color: var(--ink-2); margin-bottom: -0.7rem; }
      .notice { display: grid; gap: 0.9rem; color: var(--ink-2); }
      .notice li { display: grid; grid-template-columns: auto 1fr; gap: 0.8rem; }
      .notice svg { color: var(--accent); margin-top: 0.1rem; }
      .welcome { gap: 1.5rem; }
      @media (max-width: 55.99rem) { .intro { gap: 0.9rem; } .notice { gap: 0.6rem; font-size: var(--text-s); } .where { margin-bottom: -0.5rem; } }
      @media (min-width: 56rem) {
        .welcome { grid-template-columns: 1fr 27rem; gap: clamp(2rem, 6vw, 6rem); }
        .card { max-width: none; }
        .intro { gap: 1.5rem; }
        .intro h1 { font-size: clamp(2.25rem, 1rem + 2.8vw, 3.1rem); line-height: 1.06; letter-spacing: -0.035em; }
      }
    `],l([y({attribute:!1})],N.prototype,"session",2),l([y({attribute:!1})],N.prototype,"deployment",2),l([y()],N.prototype,"room",2),l([$()],N.prototype,"roomTrouble",2),l([$()],N.prototype,"history",2),l([$()],N.prototype,"showsHistory",2),l([M("#name")],N.prototype,"nameInput",2),l([M("#room")],N.prototype,"roomInput",2),N=l([b("parley-lobby")],N);var xr="lk.segment_id",Pn="lk.transcription_final",Cn="parley.speaker",Rn="parley.speaker_name",Ln=7e3,On=2,Mt=class extends D{#t=[];#e=new Map;#i;constructor(t){super(),this.#i=t}get shown(){return this.#t}async read(t,e,r,n){let o=t.info.attributes??{},s=o[Cn];if(!r&&s!==e)return;let p={id:o[xr]??t.info.id,identity:s??e,name:s===void 0?n:o[Rn]??s,isAgent:s===void 0,startedAt:this.#t.find(_=>_.id===o[xr])?.startedAt??new Date},d="";try{for await(let _ of t)d+=_,this.#r({...p,text:d,isFinal:!1})}catch{this.#r({...p,text:d,isFinal:!0});return}let k=p.isAgent||t.info.attributes?.[Pn]==="true";this.#r({...p,text:d,isFinal:k})}clear(){for(let t of this.#e.values())clearTimeout(t);this.#e.clear(),this.#t=[],this.changed()}#r(t){if(t.text.trim()==="")return;let e=this.#t.findIndex(r=>r.id===t.id);e>=0?this.#t=this.#t.with(e,t):this.#t=[...this.#t,t].slice(-On),clearTimeout(this.#e.get(t.id)),this.#e.set(t.id,setTimeout(()=>this.#n(t.id),Ln+t.text.length*30)),this.#i(t),this.changed()}#n(t){this.#e.delete(t),this.#t=this.#t.filter(e=>e.id!==t),this.changed()}};var Nn="lk.agent.state",In="parley.muted",Dn="Parley",Un=["initializing","idle","listening","thinking","speaking"];function $r(i,t){let e=[...i.remoteParticipants.values()].filter(r=>Hn(r,t));return e.sort((r,n)=>(r.joinedAt?.getTime()??0)-(n.joinedAt?.getTime()??0)),[i.localParticipant,...e].map(r=>({identity:r.identity,name:r.name||r.identity,isLocal:r===i.localParticipant,isMuted:!r.isMicrophoneEnabled,isSpeaking:r.isSpeaking,isSharing:r.isScreenShareEnabled,quality:jn(r,t)}))}function kr(i,t){let e=Tr(i,t);if(e===void 0)return null;let r=e.attributes[Nn]??"";return{identity:e.identity,name:Dn,state:Un.includes(r)?r:"initializing",hasAudio:mi(i,t)!==null,isMuted:e.attributes[In]==="true"}}function mi(i,t){return Tr(i,t)?.getTrackPublication(t.Track.Source.Microphone)?.track?.mediaStreamTrack??null}function Pt(i,t,e){return i.remoteParticipants.get(e)?.kind===t.ParticipantKind.AGENT}function Er(i,t){for(let e of[...i.remoteParticipants.values(),i.localParticipant]){let r=e.getTrackPublication(t.Track.Source.ScreenShare),n=r?.track?.mediaStreamTrack;if(!(r===void 0||n===void 0))return{name:e.name||e.identity,isLocal:e===i.localParticipant,isPaused:r.isMuted,track:n}}return null}function Tr(i,t){let e=[...i.remoteParticipants.values()].filter(r=>r.kind===t.ParticipantKind.AGENT);return e.sort((r,n)=>(n.joinedAt?.getTime()??0)-(r.joinedAt?.getTime()??0)),e[0]}function Hn(i,t){return i.kind===t.ParticipantKind.STANDARD||i.kind===t.ParticipantKind.SIP}function jn(i,t){switch(i.connectionQuality){case t.ConnectionQuality.Excellent:case t.ConnectionQuality.Good:return"good";case t.ConnectionQuality.Poor:return"poor";case t.ConnectionQuality.Lost:return"lost";default:return"unknown"}}var zn=2e3,Ct=class extends D{constructor(e){super();this.#i=!1;this.state="unknown";this.#t=e}#t;#e;#i;watch(){this.#i||(this.#i=!0,this.#r())}stop(){this.#i=!1,clearTimeout(this.#e),this.state="unknown"}async#r(){let e=await Xi(this.#t).then(r=>r.agent.state,()=>"unknown");this.#i&&(this.state=e,this.changed(),this.#e=setTimeout(()=>{this.#r()},zn))}};var hi="lk.chat",qn="lk.transcription";function Ar(i,t,e){let{RoomEvent:r}=t,n=[r.ParticipantConnected,r.ParticipantDisconnected,r.ParticipantAttributesChanged,r.ParticipantNameChanged,r.TrackMuted,r.TrackUnmuted,r.LocalTrackPublished,r.LocalTrackUnpublished,r.ActiveSpeakersChanged,r.ConnectionQualityChanged,r.AudioPlaybackStatusChanged];for(let o of n)i.on(o,()=>e.changed());i.on(r.TrackSubscribed,o=>{o.kind===t.Track.Kind.Audio&&e.audioAppeared(o.attach()),e.changed()}),i.on(r.TrackUnsubscribed,o=>{for(let s of o.detach())s.remove();e.changed()}),i.on(r.Reconnecting,()=>e.connection("reconnecting")),i.on(r.SignalReconnecting,()=>e.connection("reconnecting")),i.on(r.Reconnected,()=>e.connection("connected")),i.on(r.Disconnected,o=>e.disconnected(o)),i.registerTextStreamHandler(qn,(o,{identity:s})=>e.caption(o,s)),i.registerTextStreamHandler(hi,async(o,{identity:s})=>{let p=i.remoteParticipants.get(s);if(p===void 0||Pt(i,t,s))return;let d=await o.readAll();e.typed({id:o.info.id,identity:s,name:p.name||s,text:d})})}var Rt=class{#t;#e;constructor(t,e){this.#t=t,this.#e=e}get state(){let t=this.#r();return t?.track===void 0?"none":t.isMuted?"paused":"live"}async start(){try{return await this.#i(await Kn()),!0}catch(t){if(t instanceof DOMException&&t.name==="NotAllowedError")return!1;throw t}}async pause(t){let e=this.#r();await(t?e?.mute():e?.unmute())}async stop(){let t=this.#r()?.track;t!==void 0&&await this.#t.localParticipant.unpublishTrack(t,!0)}async#i(t){await this.#t.localParticipant.publishTrack(t,{source:this.#e.Track.Source.ScreenShare,simulcast:!1,degradationPreference:"maintain-resolution",videoEncoding:{maxBitrate:15e5,maxFramerate:2},screenShareEncoding:{maxBitrate:15e5,maxFramerate:2}})}#r(){return this.#t.localParticipant.getTrackPublication(this.#e.Track.Source.ScreenShare)}};async function Kn(){let t=(await navigator.mediaDevices.getDisplayMedia({audio:!1,video:{frameRate:{max:2},width:{max:1920},height:{max:1080}}})).getVideoTracks()[0];if(t===void 0)throw new DOMException("no video track","NotFoundError");return t.contentHint="text",t}var Fn="parley.control",Bn="Parley",Wn=[500,1e3,2e3,4e3,8e3,8e3,8e3,8e3,8e3,8e3],Lt=class extends D{constructor(e){super();this.connection="connecting";this.ending=null;this.microphone="off";this.problem=null;this.#n=!1;this.#o=!1;this.#s=document.createElement("div");this.options=e,this.#r=e.withMicrophone,this.thread=new Me(e.roomName),this.captions=new Mt(r=>this.thread.hear(r)),this.presence=new Ct(e.roomName),this.#s.hidden=!0}#t;#e;#i;#r;#n;#o;#s;get people(){return this.#e&&this.#t?$r(this.#e,this.#t):[]}get agent(){return this.#e&&this.#t?kr(this.#e,this.#t):null}get screen(){return this.#e&&this.#t?Er(this.#e,this.#t):null}get share(){return this.#i?.state??"none"}get canPlayAudio(){return this.#e?.canPlaybackAudio??!0}get agentTrack(){return this.#e&&this.#t?mi(this.#e,this.#t):null}async join(){this.#t=await import("./livekit-CHSORQ3F.js"),document.body.append(this.#s),await this.#l()}async leave(){this.#d("left"),await this.#e?.disconnect()}async setMicrophone(e){this.#r=e;try{await this.#e?.localParticipant.setMicrophoneEnabled(e,this.#u()),this.problem=null,this.microphone=e?"on":"off"}catch{this.#r=!1,this.microphone="unavailable",this.problem="The microphone is blocked, missing or in use elsewhere. You can type in the meantime."}this.changed()}startShare(){return this.#m("The screen could not be shared.",()=>this.#i?.start())}pauseShare(e){return this.#m("The screen share could not be changed.",()=>this.#i?.pause(e))}stopShare(){return this.#m("The screen share could not be stopped.",()=>this.#i?.stop())}muteAgent(e){let r=e?"mute":"unmute";return this.#m("The agent could not be reached.",()=>this.#e?.localParticipant.sendText(r,{topic:Fn}))}async say(e,r=crypto.randomUUID()){let n=o=>this.thread.type(r,this.#e?.localParticipant.identity??"",this.options.name,e,o);n("sending");try{if(this.connection!=="connected"||this.#e===void 0)throw new Error("not connected");await this.#e.localParticipant.sendText(e,{topic:hi}),n("complete")}catch{n("unsent")}}async playAudio(){await this.#e?.startAudio(),this.changed()}dismissProblem(){this.problem=null,this.changed()}async#l(){let e=this.#t,r=`${this.options.identity}-${Ui()}`,n=await Zi(this.options.roomName,r,this.options.name),o=new e.Room({audioCaptureDefaults:this.#u()});this.#e=o,this.#i=new Rt(o,e),this.#p(o,e),await o.connect(n.server_url,n.participant_token),this.connection="connected",this.#r&&await this.setMicrophone(!0),this.#c(),await this.thread.load()}#p(e,r){Ar(e,r,{changed:()=>this.#c(),audioAppeared:n=>this.#s.append(n),connection:n=>{this.#h(n),n==="connected"&&this.thread.load()},disconnected:n=>{this.#a(e,n)},caption:(n,o)=>{this.captions.read(n,o,Pt(e,r,o),Bn)},typed:n=>this.thread.type(n.id,n.identity,n.name,n.text,"complete")})}#c(){let e=this.agent;this.connection!=="connected"||e!==null?this.presence.stop():this.presence.watch(),this.#o&&e?.state!=="speaking"&&this.thread.loadSoon(),this.#o=e?.state==="speaking",this.changed()}async#a(e,r){if(e!==this.#e||this.#n||this.connection==="connecting"||this.ending!==null)return;let{DisconnectReason:n}=this.#t;switch(r){case n.CLIENT_INITIATED:return this.#d("left");case n.DUPLICATE_IDENTITY:return oi(),this.#d("elsewhere");case n.PARTICIPANT_REMOVED:return this.#d("removed");case n.ROOM_DELETED:return this.#d("closed");default:return this.#f()}}async#f(){this.#n=!0,this.#h("reconnecting");let e=await this.#g();this.#n=!1,e||this.#d("lost")}async#g(){for(let e of Wn){if(await new Promise(r=>setTimeout(r,e)),this.ending!==null)return!0;try{return await this.#l(),this.ending!==null&&await this.#e?.disconnect(),!0}catch(r){if(r instanceof P&&!r.isAway)return!1}}return!1}#d(e){this.ending===null&&(this.ending=e,this.presence.stop(),this.thread.stop(),this.captions.clear(),this.#s.remove(),this.#h("ended"))}#h(e){this.connection=e,this.#c()}async#m(e,r){try{await r()}catch{this.problem=e}this.changed()}#u(){let{deviceId:e}=this.options,r={echoCancellation:!0,noiseSuppression:!0,autoGainControl:!0};return e===void 0?r:{...r,deviceId:e}}};var Vn="mediaDevices"in navigator&&"getDisplayMedia"in navigator.mediaDevices,O,Sr,_r,Mr,ve,ye=class extends g{constructor(){super();m(this,O);this.threadShown=!1;new R(this,()=>this.call)}render(){return a`<div class="bar" role="toolbar" aria-label="Meeting controls">
      ${h(this,O,Sr).call(this)} ${Vn?h(this,O,_r).call(this):c} ${h(this,O,Mr).call(this)}
      <span class="gap"></span>
      ${h(this,O,ve).call(this,{symbol:"thread",label:"Thread",look:this.threadShown?"on":"plain",pressed:this.threadShown,press:()=>this.dispatchEvent(new CustomEvent("thread"))})}
      <button class="control leave" @click=${()=>this.call.leave()}>${x("leave")}<span>Leave</span></button>
    </div>`}};O=new WeakSet,Sr=function(){let e=this.call.microphone==="on",r=e?"Mute":this.call.microphone==="unavailable"?"No mic":"Unmute";return h(this,O,ve).call(this,{symbol:e?"mic":"mic-off",label:r,look:e?"plain":"off",pressed:e,hint:"Microphone (M; hold M to talk)",press:()=>{this.call.setMicrophone(!e)}})},_r=function(){let{call:e}=this;if(e.share==="none")return h(this,O,ve).call(this,{symbol:"screen",label:"Share",hint:"Share your screen: the agent sees one frame a second",press:()=>{e.startShare()}});let r=e.share==="paused";return a`
      ${h(this,O,ve).call(this,{symbol:r?"play":"pause",label:r?"Resume":"Pause",look:"on",hint:r?"Show your screen again":"Nobody sees your screen while it is paused",press:()=>{e.pauseShare(!r)}})}
      ${h(this,O,ve).call(this,{symbol:"stop",label:"Stop",hint:"Stop sharing your screen",press:()=>{e.stopShare()}})}
    `},Mr=function(){let e=this.call.agent?.isMuted??!1;return h(this,O,ve).call(this,{symbol:e?"agent-off":"agent",label:e?"Unmute AI":"Mute AI",look:e?"off":"plain",pressed:e,hint:e?"Let the agent answer again":"The agent keeps listening and stays silent",press:()=>{this.call.muteAgent(!e)}},this.call.agent===null)},ve=function(e,r=this.call.connection!=="connected"){return a`<button class="control ${e.look??"plain"}" title=${e.hint??c} ?disabled=${r}
      aria-pressed=${e.pressed===void 0?c:String(e.pressed)} @click=${e.press}>
      ${x(e.symbol)}<span>${e.label}</span>
    </button>`},ye.styles=[w,A,f`
      :host { display: flex; justify-content: center; padding: 0.65rem 0.5rem calc(0.65rem + env(safe-area-inset-bottom)); }
      .bar { display: flex; align-items: stretch; justify-content: center; gap: 0.3rem; }
      .control {
        display: grid; justify-items: center; align-content: center; gap: 0.25rem; min-width: 4.1rem; min-height: 3.5rem; padding: 0.4rem 0.5rem; border: 1px solid transparent;
        border-radius: var(--radius-m); background: transparent; color: var(--ink-2); font: 520 var(--text-xs)/1.1 var(--font); cursor: pointer;
        transition: background 120ms, color 120ms; -webkit-tap-highlight-color: transparent;
      }
      .control:hover { background: color-mix(in srgb, var(--ink) 7%, transparent); color: var(--ink); }
      .control[disabled] { opacity: 0.45; cursor: default; }
      .control.on { background: var(--accent-soft); color: var(--accent); }
      .control.off { color: var(--danger); background: var(--danger-soft); }
      .control.leave { background: var(--danger-solid); color: #fff; }
      .control.leave:hover { background: var(--danger-solid-hover); }
      .gap { width: 1px; margin: 0.5rem 0.35rem; background: var(--line); }
      @media (max-width: 30rem) {
        .bar { gap: 0.15rem; width: 100%; }
        .control { min-width: 0; flex: 1; padding: 0.4rem 0; font-size: 0.6875rem; white-space: nowrap; }
        .gap { display: none; }
      }
    `],l([y({attribute:!1})],ye.prototype,"call",2),l([y({type:Boolean})],ye.prototype,"threadShown",2),ye=l([b("parley-controls")],ye);var Ot,Pr,Qe,Nt,F=class extends g{constructor(){super(...arguments);m(this,Ot);this.room="";this.link=null;this.trouble="";this.copied=!1;m(this,Qe,async()=>{this.trouble="";try{this.link=await Ji(this.room)}catch(e){this.trouble=e instanceof P?e.message:"The link could not be made."}});m(this,Nt,async()=>{try{await navigator.clipboard.writeText(this.link?.url??""),this.copied=!0,setTimeout(()=>this.copied=!1,2e3)}catch{this.input.select()}})}connectedCallback(){super.connectedCallback(),u(this,Qe).call(this)}render(){return a`<parley-dialog heading="Invite someone" @closed=${()=>this.dispatchEvent(new CustomEvent("closed"))}>
      <div class="stack">
        <p class="muted">Whoever has this link can join “${this.room}” with a name, without an account, and sees what is said from then on.</p>
        ${this.trouble?a`<parley-banner tone="error">${this.trouble}<button slot="action" class="button" @click=${u(this,Qe)}>Try again</button></parley-banner>`:h(this,Ot,Pr).call(this)}
      </div>
    </parley-dialog>`}};Ot=new WeakSet,Pr=function(){let e=this.link===null?"":new Date(this.link.expires_at).toLocaleString(void 0,{dateStyle:"medium",timeStyle:"short"});return a`<div class="row">
      ${I({id:"link",label:"Guest link"},a`
        <input id="link" readonly .value=${this.link?.url??"Making a link…"} @focus=${()=>this.input.select()}>`)}
      <button class="button primary" ?disabled=${this.link===null} @click=${u(this,Nt)}>${x(this.copied?"check":"copy",18)}${this.copied?"Copied":"Copy"}</button>
    </div>
    <p class="small muted" role="status">${this.link?`Good until ${e}.`:" "}</p>`},Qe=new WeakMap,Nt=new WeakMap,F.styles=[w,A,q,f`
      .stack { display: grid; gap: 1.1rem; }
      .row { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0.5rem; align-items: end; }
      .row .button { min-height: 2.75rem; min-width: 6.5rem; }
    `],l([y()],F.prototype,"room",2),l([$()],F.prototype,"link",2),l([$()],F.prototype,"trouble",2),l([$()],F.prototype,"copied",2),l([M("#link")],F.prototype,"input",2),F=l([b("parley-invite")],F);var Cr=f`
  :host { display: block; }
  .meeting {
    display: grid; height: 100svh; overflow: hidden; background: var(--bg);
    grid-template: "header" auto "banners" auto "stage" minmax(13rem, 1fr) "controls" auto / minmax(0, 1fr);
  }
  .meeting.with-thread { grid-template: "header" auto "banners" auto "stage" minmax(12rem, 34svh) "thread" minmax(0, 1fr) "controls" auto / minmax(0, 1fr); }
  .meeting.with-thread.with-screen { grid-template-rows: auto auto minmax(15rem, 46svh) minmax(0, 1fr) auto; }
  header { grid-area: header; display: flex; align-items: center; gap: 0.75rem; padding: 0.5rem 0.75rem; min-width: 0; }
  .room { display: flex; align-items: center; gap: 0.6rem; min-width: 0; flex: 1; padding-left: 0.75rem; border-left: 1px solid var(--line); }
  .room h1 { font-size: var(--text-m); font-weight: 560; letter-spacing: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .actions { display: flex; align-items: center; gap: 0.15rem; }
  .actions .button { padding: 0 0.6rem; }
  .actions .button span { display: none; }
  .banners { grid-area: banners; display: grid; gap: 0.5rem; padding: 0 0.75rem; }
  .banners:has(parley-banner) { padding-bottom: 0.5rem; }
  parley-stage { grid-area: stage; min-height: 0; margin: 0 0.75rem; }
  parley-thread { grid-area: thread; min-height: 0; margin: 0.75rem 0.75rem 0; }
  parley-controls { grid-area: controls; }
  @media (max-width: 30rem) { .mark { display: none; } }
  @media (min-width: 56rem) {
    .meeting { grid-template: "header header" auto "banners banners" auto "stage stage" minmax(0, 1fr) "controls controls" auto / minmax(0, 1fr) auto; }
    .meeting.with-thread {
      grid-template: "header header" auto "banners banners" auto "stage thread" minmax(0, 1fr) "controls controls" auto / minmax(0, 1fr) clamp(21rem, 30vw, 27rem);
    }
    .meeting.with-thread.with-screen { grid-template-rows: auto auto minmax(0, 1fr) auto; }
    header { padding: 0.65rem 1rem; }
    .actions .button span { display: inline; }
    .banners { padding: 0 1rem; }
    parley-stage { margin: 0 0 0 1rem; }
    .meeting:not(.with-thread) parley-stage { margin-right: 1rem; }
    parley-thread { margin: 0 1rem; }
  }
`;var It=class{#t;#e=null;#i=!1;constructor(t){this.#t=t}listen(){window.addEventListener("keydown",this.#r),window.addEventListener("keyup",this.#n),window.addEventListener("blur",this.#o)}stop(){window.removeEventListener("keydown",this.#r),window.removeEventListener("keyup",this.#n),window.removeEventListener("blur",this.#o)}#r=t=>{t.code!=="KeyM"||t.repeat||t.ctrlKey||t.metaKey||t.altKey||Yn(t)||this.#t().connection==="connected"&&(this.#e=t.timeStamp,this.#i=this.#t().microphone==="on",this.#t().setMicrophone(!this.#i))};#n=t=>{if(t.code!=="KeyM"||this.#e===null)return;let e=t.timeStamp-this.#e>350;this.#e=null,e&&!this.#i&&this.#t().setMicrophone(!1)};#o=()=>{this.#e!==null&&!this.#i&&this.#t().setMicrophone(!1),this.#e=null}};function Yn(i){let t=i.composedPath()[0];return t instanceof HTMLElement&&(t.matches("input, textarea, select")||t.isContentEditable)}var Le=class extends g{constructor(){super(...arguments);this.state="listening"}set level(e){this.style.setProperty("--level",e.toFixed(3))}render(){return a`<div class="halo"></div><div class="sweep"></div><div class="core"></div>`}};Le.styles=[w,f`
      :host { --level: 0; display: block; position: relative; width: 11rem; aspect-ratio: 1; isolation: isolate; }
      .core, .halo, .sweep { position: absolute; border-radius: 50%; }
      .core {
        inset: 17%; overflow: hidden; background: radial-gradient(circle at 32% 26%, var(--glow-2), var(--glow-1) 48%, #0b5a3c 100%);
        box-shadow: inset 0 -10px 28px #04301f80, inset 0 6px 18px #ffffff40, 0 14px 40px -16px color-mix(in srgb, var(--glow-1) 80%, transparent);
        transform: scale(calc(1 + var(--level) * 0.16)); transition: transform 90ms linear, filter 300ms, opacity 300ms;
      }
      .core::before {
        content: ""; position: absolute; inset: -30%;
        background: conic-gradient(from 0deg, transparent 0 30%, #ffffff55 42%, transparent 56% 76%, #ffffff2e 86%, transparent);
        filter: blur(10px); animation: turn 9s linear infinite;
      }
      .halo {
        inset: 4%; background: radial-gradient(circle, color-mix(in srgb, var(--glow-1) 34%, transparent) 40%, transparent 70%);
        transform: scale(calc(0.92 + var(--level) * 0.4)); transition: transform 120ms linear, opacity 300ms; z-index: -1;
      }
      .sweep { inset: 9%; border: 1.5px solid color-mix(in srgb, var(--accent) 45%, transparent); opacity: 0; transition: opacity 300ms; }
      :host([state="listening"]) .core { animation: breathe 4.5s ease-in-out infinite; }
      :host([state="speaking"]) .sweep { opacity: 1; animation: ripple 1.8s ease-out infinite; }
      :host([state="thinking"]) .core { filter: saturate(0.85) brightness(0.94); }
      :host([state="thinking"]) .core::before { animation-duration: 1.6s; }
      :host([state="thinking"]) .sweep {
        opacity: 1; border-width: 2.5px; border-color: var(--accent) transparent transparent transparent; animation: turn 1s linear infinite;
      }
      :host([state="waiting"]) .core { filter: saturate(0.5); opacity: 0.6; animation: breathe 2.4s ease-in-out infinite; }
      :host([state="waiting"]) .sweep { opacity: 1; border-style: dashed; animation: turn 12s linear infinite; }
      :host([state="absent"]) .core, :host([state="muted"]) .core { filter: grayscale(0.9); opacity: 0.42; }
      :host([state="absent"]) .halo, :host([state="muted"]) .halo { opacity: 0; }
      :host([state="absent"]) .sweep { opacity: 0.7; border-style: dashed; border-color: var(--line-strong); }
      :host([state="absent"]) .core::before, :host([state="muted"]) .core::before { animation: none; }
      @keyframes turn { to { rotate: 1turn; } }
      @keyframes breathe { 50% { transform: scale(1.035); } }
      @keyframes ripple { from { transform: scale(0.92); opacity: 0.9; } to { transform: scale(1.28); opacity: 0; } }
    `],l([y({reflect:!0})],Le.prototype,"state",2),Le=l([b("parley-orb")],Le);function ui(i){if(i.connection==="connecting")return"Connecting you to the room…";if(i.connection==="reconnecting")return"Waiting for the connection…";let t=i.agent;if(t===null)return Gn(i);if(t.isMuted)return"Muted: it listens and stays silent";if(!t.hasAudio)return"The agent joined, waiting for its audio";switch(t.state){case"initializing":return"Getting ready";case"thinking":return"Thinking";case"speaking":return"Speaking";case"idle":case"listening":return"Listening"}}function Rr(i){return i.connection!=="connected"||i.agent?.hasAudio!==!0}function Lr(i){let t=i.agent;return i.connection!=="connected"||t===null?i.presence.state==="no_worker"?"absent":"waiting":t.isMuted?"muted":!t.hasAudio||t.state==="initializing"?"waiting":t.state==="idle"?"listening":t.state}function Gn(i){switch(i.presence.state){case"no_worker":return"No worker is registered. The agent comes as soon as one is.";case"dispatched":return"Dispatched, waiting for the agent";case"joined":return"The agent joined, waiting for its audio";case"idle":return"Calling the agent…";case"unknown":return"Looking for the agent…"}}var Dt,Or,Oe=class extends g{constructor(){super();m(this,Dt);new R(this,()=>this.call.captions)}render(){let{shown:e}=this.call.captions;return a`
      <div class="lines" aria-hidden="true">
        ${ue(e,r=>r.id,r=>h(this,Dt,Or).call(this,r))}
      </div>
      <div class="visually-hidden" role="log" aria-live="polite" aria-label="Captions">
        ${ue(e.filter(r=>r.isFinal),r=>r.id,r=>a`<p>${r.name}: ${r.text}</p>`)}
      </div>
    `}};Dt=new WeakSet,Or=function(e){let r=`${e.isAgent?"agent":"person"} ${e.isFinal?"":"guess"}`;return a`<p class="line ${r}">
      <span class="who">${e.name}${e.isFinal||e.isAgent?c:" …"}</span>
      <span class="words">${e.text}</span>
    </p>`},Oe.styles=[w,f`
      :host { display: block; padding: 0.25rem clamp(0.75rem, 4cqw, 2.5rem) 0.25rem; }
      .lines { display: grid; gap: 0.65rem; align-content: end; justify-items: center; height: var(--lines, 9.5rem); overflow: hidden; mask: linear-gradient(transparent, #000 1.25rem); }
      .line { max-width: 44rem; text-align: center; line-height: 1.38; animation: in 180ms ease-out; }
      .words {
        display: flex; flex-direction: column; justify-content: flex-end; max-height: 4.14em; overflow: hidden;
        font-size: clamp(1.0625rem, 0.95rem + 0.5vw, 1.375rem); letter-spacing: -0.008em; text-wrap: balance;
      }
      .line:not(:last-child) .words { font-size: var(--text-m); max-height: 1.38em; color: var(--ink-2); }
      .who { display: block; font-size: var(--text-xs); font-weight: 620; color: var(--ink-3); }
      .agent .who { color: var(--accent); }
      .guess.person .words { color: var(--ink-2); }
      @keyframes in { from { opacity: 0; transform: translateY(6px); } }
      @container stage (max-height: 20rem) { .lines { height: var(--lines, 4.4rem); } .words { font-size: 1rem; max-height: 2.76em; } .line:not(:last-child) { display: none; } }
    `],l([y({attribute:!1})],Oe.prototype,"call",2),Oe=l([b("parley-captions")],Oe);var Ut=class{#t;#e=null;#i;#r=0;constructor(t){this.#t=t}follow(t){t!==this.#e&&(this.#o(),this.#e=t,t!==null&&!matchMedia("(prefers-reduced-motion: reduce)").matches&&this.#n(t))}#n(t){let e=this.#i=new AudioContext,r=e.createAnalyser();r.fftSize=512;let n=new Float32Array(r.fftSize);e.createMediaStreamSource(new MediaStream([t])).connect(r);let o=0,s=()=>{r.getFloatTimeDomainData(n);let p=0;for(let d of n)p=Math.max(p,Math.abs(d));o=Math.max(Math.min(1,p*1.6),o*.88),this.#t(o<.01?0:o),this.#r=requestAnimationFrame(s)};s()}#o(){cancelAnimationFrame(this.#r),this.#i?.close(),this.#i=void 0,this.#e!==null&&this.#t(0)}};var Nr={unknown:"connection unknown",good:"good connection",poor:"weak connection",lost:"connection lost"},Ne=class extends g{render(){let{person:t}=this;return a`<div class="tile ${t.isSpeaking?"speaking":""}">
      ${vt(t.name,t.identity)}
      <span class="name">${t.name}${t.isLocal?a` <span class="you">you</span>`:c}</span>
      ${t.isSharing?a`${x("screen",15)}<span class="visually-hidden">shares a screen</span>`:c}
      ${t.isMuted?a`${x("mic-off",15)}<span class="visually-hidden">microphone off</span>`:c}
      ${t.isSpeaking?a`<span class="visually-hidden">speaking</span>`:c}
      <span class="bars ${t.quality}" role="img" aria-label=${Nr[t.quality]} title=${Nr[t.quality]}><i></i><i></i><i></i></span>
    </div>`}};Ne.styles=[w,_e,f`
      .tile {
        display: flex; align-items: center; gap: 0.55rem; padding: 0.3rem 0.75rem 0.3rem 0.3rem; border: 1px solid var(--line); border-radius: 99px;
        background: var(--raised); font-size: var(--text-s); font-weight: 560; max-width: 16rem;
      }
      .avatar { transition: box-shadow 140ms; }
      .speaking .avatar { box-shadow: 0 0 0 2px var(--raised), 0 0 0 4.5px var(--accent); }
      .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
      .you { font-weight: 400; color: var(--ink-3); }
      svg { flex: none; color: var(--ink-3); }
      .bars { display: flex; align-items: flex-end; gap: 2px; height: 12px; flex: none; }
      .bars i { width: 3px; border-radius: 1px; background: var(--line-strong); height: 4px; opacity: 0.45; }
      .bars i:nth-child(2) { height: 8px; }
      .bars i:nth-child(3) { height: 12px; }
      .good i, .poor i:nth-child(1) { background: var(--accent); opacity: 1; }
      .poor i:nth-child(1), .lost i:nth-child(1) { background: var(--danger); opacity: 1; }
    `],l([y({attribute:!1})],Ne.prototype,"person",2),Ne=l([b("parley-person")],Ne);var Ie,be=class extends g{constructor(){super(...arguments);m(this,Ie)}render(){let{screen:e}=this,r=e.isLocal?"You share your screen":`${e.name} shares a screen`;return a`<figure class=${e.isPaused?"paused":""}>
      <video muted autoplay playsinline aria-label=${r}></video>
      <figcaption>${x(e.isPaused?"pause":"screen",15)}${e.isPaused?`${r}, paused`:`${r} · the agent sees one frame a second`}</figcaption>
    </figure>`}updated(){u(this,Ie)!==this.screen.track&&(J(this,Ie,this.screen.track),this.video.srcObject=new MediaStream([u(this,Ie)]),this.video.muted=!0,this.video.play().catch(()=>{}))}};Ie=new WeakMap,be.styles=[w,f`
      :host { display: grid; grid-template: minmax(0, 1fr) / minmax(0, 1fr); min-height: 0; }
      figure { position: relative; min-height: 0; border-radius: var(--radius-m); overflow: hidden; background: #070b09; }
      video { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; transition: opacity 200ms; }
      .paused video { opacity: 0.25; }
      figcaption {
        position: absolute; left: 0.6rem; bottom: 0.6rem; display: inline-flex; align-items: center; gap: 0.45rem; max-width: calc(100% - 1.2rem);
        padding: 0.3rem 0.65rem; border-radius: 99px; background: #0b110fd9; color: #e9f0eb; font-size: var(--text-xs); font-weight: 560;
      }
    `],l([y({attribute:!1})],be.prototype,"screen",2),l([M("video")],be.prototype,"video",2),be=l([b("parley-screen")],be);var Je,we=class extends g{constructor(){super();m(this,Je,new Ut(e=>this.orb.level=e));new R(this,()=>this.call),new R(this,()=>this.call.presence)}render(){let{call:e}=this,r=e.screen;return a`
      <div class="centre ${r?"with-screen":""}">
        <div class="scene">
          <div class="agent">
            <parley-orb state=${Lr(e)} aria-hidden="true"></parley-orb>
            <h2>${e.agent?.name??"Parley"}</h2>
            <p class="state" aria-live=${Rr(e)?"polite":"off"}>
              ${e.agent?.isMuted?a`<span class="muted-note">${x("agent-off",16)}${ui(e)}</span>`:ui(e)}</p>
          </div>
          ${r?a`<parley-screen .screen=${r}></parley-screen>`:c}
        </div>
        <parley-captions .call=${e}></parley-captions>
      </div>
      <ul class="people" aria-label="People in the room">
        ${e.people.map(n=>a`<li><parley-person .person=${n}></parley-person></li>`)}
      </ul>
    `}updated(){u(this,Je).follow(this.call.agentTrack)}disconnectedCallback(){super.disconnectedCallback(),u(this,Je).follow(null)}};Je=new WeakMap,we.styles=[w,f`
      :host {
        display: grid; grid-template-rows: minmax(0, 1fr) auto; overflow: hidden; position: relative; border-radius: var(--radius-l);
        border: 1px solid var(--line); background: radial-gradient(ellipse 90% 80% at 50% 30%, color-mix(in srgb, var(--accent-soft) 55%, var(--surface)), var(--surface) 75%);
        container: stage / size;
      }
      .centre { display: grid; grid-template: minmax(0, 1fr) auto / minmax(0, 1fr); min-height: 0; }
      .scene { display: grid; place-items: center; min-height: 0; padding: 0.75rem 0.75rem 0; }
      .agent { display: grid; justify-items: center; gap: 0.75rem; text-align: center; }
      parley-orb { width: clamp(4.5rem, 32cqh, 13rem); }
      .agent h2 { font-size: var(--text-xl); }
      .agent p { color: var(--ink-2); min-height: 1.5em; }
      .people { display: flex; flex-wrap: wrap; justify-content: center; gap: 0.5rem; padding: 0.5rem 0.75rem 0.75rem; max-height: 7.5rem; overflow: auto; }
      .with-screen .scene { grid-template: auto minmax(0, 1fr) / minmax(0, 1fr); place-items: stretch; gap: 0.6rem; padding: 0.75rem; }
      .with-screen .agent { grid-template-columns: auto auto 1fr; align-items: center; justify-items: start; gap: 0 0.75rem; text-align: left; padding: 0 0.25rem; }
      .with-screen parley-orb { width: 2.75rem; }
      .with-screen h2 { font-size: var(--text-m); }
      .with-screen .agent p { font-size: var(--text-s); }
      .muted-note { display: inline-flex; align-items: center; gap: 0.35rem; }
      .with-screen parley-captions { --lines: 5.25rem; }
      @container stage (max-height: 24rem) {
        .people { flex-wrap: nowrap; justify-content: safe center; padding-top: 0.25rem; padding-bottom: 0.6rem; }
        .with-screen .scene { padding: 0.5rem 0.5rem 0; gap: 0.35rem; }
        .with-screen parley-captions { --lines: 3.6rem; }
        .with-screen .agent parley-orb { width: 2rem; grid-row: auto; }
      }
      @container stage (max-height: 20rem) {
        .scene { padding-top: 0.5rem; }
        .centre:not(.with-screen) .agent { grid-template-columns: auto auto; gap: 0 0.9rem; align-items: center; text-align: left; }
        .centre:not(.with-screen) parley-orb { grid-row: span 2; width: 4.5rem; }
        .centre:not(.with-screen) h2 { font-size: var(--text-l); align-self: end; justify-self: start; }
        .centre:not(.with-screen) .agent p { font-size: var(--text-s); align-self: start; justify-self: start; max-width: 15rem; }
      }
    `],l([y({attribute:!1})],we.prototype,"call",2),l([M("parley-orb")],we.prototype,"orb",2),we=l([b("parley-stage")],we);var Qn=8e3,Jn=80,De,Q,Ir,Dr,Ht,jt,zt,fi,se=class extends g{constructor(){super();m(this,Q);m(this,De,!0);m(this,Ht,()=>{let{scrollHeight:e,scrollTop:r,clientHeight:n}=this.scroller;J(this,De,e-r-n<Jn)});m(this,jt,e=>{e.key!=="Enter"||e.shiftKey||e.isComposing||(e.preventDefault(),h(this,Q,fi).call(this))});m(this,zt,e=>{e.preventDefault(),h(this,Q,fi).call(this)});new R(this,()=>this.call),new R(this,()=>this.call.thread)}render(){let{entries:e,hasFailed:r}=this.call.thread;return a`
      <div class="scroll" tabindex="0" role="log" aria-live="off" aria-label="Thread" @scroll=${u(this,Ht)}>
        ${r?a`<parley-banner tone="caution">What was said before could not be loaded.
          <button slot="action" class="button" @click=${()=>this.call.thread.load()}>Try again</button></parley-banner>`:c}
        ${e.length===0?h(this,Q,Ir).call(this):a`<ol>
          ${ue(e,n=>n.id,(n,o)=>bt(n,e[o-1],s=>{this.call.say(s.text,s.id)}))}
        </ol>`}
      </div>
      <p class="visually-hidden" aria-live="polite">${h(this,Q,Dr).call(this)}</p>
      <form @submit=${u(this,zt)}>
        <textarea rows="1" aria-label="Message" placeholder="Write a message" maxlength=${Qn} @keydown=${u(this,jt)}></textarea>
        <button class="button primary round" aria-label="Send" title="Send (Enter)">${x("send")}</button>
      </form>
    `}updated(){u(this,De)&&(this.scroller.scrollTop=this.scroller.scrollHeight)}};De=new WeakMap,Q=new WeakSet,Ir=function(){return this.call.thread.isLoaded?a`<div class="empty">${x("thread",26)}<h2>Nothing said yet</h2>
      <p>What is spoken and typed in this room stands here, as one thread.</p></div>`:a`<div class="empty"><p>Looking for what was said before…</p></div>`},Dr=function(){let e=this.call.people.find(n=>n.isLocal)?.identity,r=this.call.thread.newestTyped;return r===void 0||r.identity===e?"":`${r.name} writes: ${r.text}`},Ht=new WeakMap,jt=new WeakMap,zt=new WeakMap,fi=function(){let e=this.box.value.trim();e!==""&&(this.box.value="",J(this,De,!0),this.call.say(e))},se.styles=[w,A,_e,wt,f`
      :host { display: grid; grid-template-rows: minmax(0, 1fr) auto; border: 1px solid var(--line); border-radius: var(--radius-l); background: var(--surface); overflow: hidden; }
      .scroll { overflow-y: auto; overscroll-behavior: contain; padding: 0 1rem 1rem; }
      .empty { display: grid; place-content: center; justify-items: center; gap: 0.4rem; height: 100%; padding: 1.5rem; text-align: center; color: var(--ink-2); }
      .empty svg { color: var(--ink-3); }
      .empty h2 { color: var(--ink); font-size: var(--text-m); }
      .empty p { font-size: var(--text-s); max-width: 17rem; }
      form { display: flex; align-items: flex-end; gap: 0.4rem; margin: 0 0.65rem 0.65rem; padding: 0.3rem; border: 1px solid var(--line-strong); border-radius: 1.4rem; background: var(--raised); }
      form:focus-within { outline: var(--focus); outline-offset: 0; border-color: var(--accent); }
      textarea:focus-visible { outline: 0; }
      textarea { flex: 1; min-width: 0; max-height: 9rem; padding: 0.5rem 0.3rem 0.5rem 0.8rem; border: 0; outline: 0; resize: none; background: none; color: var(--ink); font: 400 1rem/1.4 var(--font); field-sizing: content; }
      textarea::placeholder { color: var(--ink-3); }
    `],l([y({attribute:!1})],se.prototype,"call",2),l([M(".scroll")],se.prototype,"scroller",2),l([M("textarea")],se.prototype,"box",2),se=l([b("parley-thread")],se);var Xe,Ue,Ur,Hr,Ze,et,qt,j=class extends g{constructor(){super();m(this,Ue);this.session=null;this.deployment=null;this.dialog="none";this.showsThread=!0;this.failure="";m(this,Xe,new It(()=>this.call));m(this,Ze,async()=>{this.failure="";try{await this.call.join()}catch(e){this.failure=e instanceof P?e.message:"The media server does not answer, so nobody could hear you."}});m(this,et,()=>{this.dialog="none"});m(this,qt,()=>{this.dispatchEvent(new CustomEvent("lobby"))});new R(this,()=>this.call)}connectedCallback(){super.connectedCallback(),u(this,Xe).listen(),u(this,Ze).call(this)}disconnectedCallback(){super.disconnectedCallback(),u(this,Xe).stop()}updated(){this.call.ending!==null&&this.dispatchEvent(new CustomEvent("ended"))}render(){return a`
      <div class="meeting ${this.showsThread?"with-thread":""} ${this.call.screen?"with-screen":""}">
        ${h(this,Ue,Ur).call(this)}
        <div class="banners">${h(this,Ue,Hr).call(this)}</div>
        <parley-stage .call=${this.call}></parley-stage>
        ${this.showsThread?a`<parley-thread .call=${this.call}></parley-thread>`:c}
        <parley-controls .call=${this.call} .threadShown=${this.showsThread}
          @thread=${()=>this.showsThread=!this.showsThread}></parley-controls>
      </div>
      ${this.dialog==="invite"?a`<parley-invite .room=${this.call.options.roomName} @closed=${u(this,et)}></parley-invite>`:c}
      ${this.dialog==="transcript"?a`<parley-transcript .thread=${this.call.thread} .room=${this.call.options.roomName} @closed=${u(this,et)}></parley-transcript>`:c}
    `}};Xe=new WeakMap,Ue=new WeakSet,Ur=function(){return a`<header>
      <parley-brand></parley-brand>
      <div class="room"><h1>${this.call.options.roomName}</h1>
        ${Et(this.deployment)?a`<span class="mark" title=${gr}>Local profile</span>`:c}</div>
      <div class="actions">
        <button class="button quiet" aria-label="Transcript" @click=${()=>this.dialog="transcript"}>${x("transcript")}<span>Transcript</span></button>
        ${this.session?.kind==="member"?a`<button class="button quiet" aria-label="Invite" @click=${()=>this.dialog="invite"}>${x("link")}<span>Invite</span></button>`:c}
        <parley-theme></parley-theme>
      </div>
    </header>`},Hr=function(){let{call:e}=this,r=e.people.find(n=>n.isLocal)?.quality;return a`
      ${this.failure?a`<parley-banner tone="error">${this.failure}
        <button slot="action" class="button" @click=${u(this,Ze)}>Try again</button>
        <button slot="action" class="button quiet" @click=${u(this,qt)}>Back</button></parley-banner>`:c}
      ${e.connection==="reconnecting"?a`<parley-banner tone="caution">The connection was lost. Reconnecting…</parley-banner>`:c}
      ${e.connection==="connected"&&(r==="poor"||r==="lost")?a`<parley-banner tone="caution">Your connection is weak; you may hear gaps.</parley-banner>`:c}
      ${e.connection==="connected"&&!e.canPlayAudio?a`<parley-banner>Your browser holds the sound back until you allow it.
        <button slot="action" class="button primary" @click=${()=>e.playAudio()}>${x("volume",18)}Turn on sound</button></parley-banner>`:c}
      ${e.problem?a`<parley-banner tone="error">${e.problem}
        <button slot="action" class="button quiet" @click=${()=>e.dismissProblem()}>Dismiss</button></parley-banner>`:c}
    `},Ze=new WeakMap,et=new WeakMap,qt=new WeakMap,j.styles=[w,A,Tt,Cr],l([y({attribute:!1})],j.prototype,"call",2),l([y({attribute:!1})],j.prototype,"session",2),l([y({attribute:!1})],j.prototype,"deployment",2),l([$()],j.prototype,"dialog",2),l([$()],j.prototype,"showsThread",2),l([$()],j.prototype,"failure",2),j=l([b("parley-meeting")],j);var Xn={left:["You left the meeting","Parley leaves too, once nobody is in the room."],elsewhere:["You joined from another tab","This tab was disconnected, so that you are in the room once."],removed:["You were removed from the meeting","Someone with the right to do so ended your part in it."],closed:["The meeting was closed","The room is no longer open."],lost:["The connection was lost","The meeting could not be reached again. Check your network, then rejoin."]},xe=class extends g{constructor(){super(...arguments);this.showsTranscript=!1}connectedCallback(){super.connectedCallback(),this.call.thread.load()}firstUpdated(){ee(this)}render(){let[e,r]=Xn[this.call.ending??"left"];return a`<parley-frame>
      <section class="card" aria-labelledby="title">
        <header><h1 id="title">${e}</h1><p class="muted">${r}</p></header>
        <div class="actions">
          <button class="button primary large wide" autofocus @click=${()=>this.dispatchEvent(new CustomEvent("rejoin"))}>Rejoin “${this.call.options.roomName}”</button>
          <button class="button large wide" @click=${()=>this.showsTranscript=!0}>${x("transcript",18)}Read the transcript</button>
          <button class="button quiet wide" @click=${()=>this.dispatchEvent(new CustomEvent("lobby"))}>Back to the lobby</button>
        </div>
      </section>
    </parley-frame>
    ${this.showsTranscript?a`<parley-transcript .thread=${this.call.thread} .room=${this.call.options.roomName}
      @closed=${()=>this.showsTranscript=!1}></parley-transcript>`:c}`}};xe.styles=[w,A,ne,f`
      .card { text-align: center; }
      .card header { justify-items: center; }
      .actions { display: grid; gap: 0.6rem; }
    `],l([y({attribute:!1})],xe.prototype,"call",2),l([$()],xe.prototype,"showsTranscript",2),xe=l([b("parley-left")],xe);var Kt=a`
  <div class="pitch">
    <parley-orb state="listening"></parley-orb>
    <h1>A teammate in the room.</h1>
    <p>Parley listens, reads what you type and looks at the screen you share. It answers by voice and in writing, and keeps one transcript of it all.</p>
  </div>
`;var $e,jr,Ft,Bt,gi,B=class extends g{constructor(){super(...arguments);m(this,$e);this.demo=null;this.busy=!1;this.trouble="";m(this,Ft,e=>{e.preventDefault(),h(this,$e,gi).call(this,this.email.value,this.password.value)});m(this,Bt,()=>{this.demo!==null&&h(this,$e,gi).call(this,this.demo.email,this.demo.password)})}firstUpdated(){ee(this)}render(){return a`<parley-frame><div class="welcome">
      ${Kt}
      <section class="card" aria-labelledby="title">
        <header><h2 id="title">Sign in</h2><p class="muted">to enter your team's meeting rooms.</p></header>
        <form class="stack" @submit=${u(this,Ft)}>
          ${this.trouble?a`<parley-banner tone="error">${this.trouble}</parley-banner>`:c}
          ${I({id:"email",label:"E-mail"},a`
            <input id="email" type="email" name="email" autocomplete="username" inputmode="email" required autofocus>`)}
          ${I({id:"password",label:"Password"},a`
            <input id="password" type="password" name="password" autocomplete="current-password" required>`)}
          <button class="button primary large wide" ?disabled=${this.busy}>${this.busy?"Signing in…":"Sign in"}</button>
          ${this.demo?h(this,$e,jr).call(this):c}
        </form>
      </section>
    </div></parley-frame>`}};$e=new WeakSet,jr=function(){return a`
      <button type="button" class="button large wide" ?disabled=${this.busy} @click=${u(this,Bt)}>
        Use the demo account ${x("arrow",18)}
      </button>
      <p class="small muted">The demo account is offered on this machine only.</p>
    `},Ft=new WeakMap,Bt=new WeakMap,gi=async function(e,r){this.busy=!0,this.trouble="";try{let n=await Wi(e.trim(),r);this.dispatchEvent(new CustomEvent("signed-in",{detail:n}))}catch(n){this.trouble=Zn(n),this.password.select()}finally{this.busy=!1}},B.styles=[w,A,q,ne],l([y({attribute:!1})],B.prototype,"demo",2),l([$()],B.prototype,"busy",2),l([$()],B.prototype,"trouble",2),l([M("#email")],B.prototype,"email",2),l([M("#password")],B.prototype,"password",2),B=l([b("parley-signin")],B);function Zn(i){return i instanceof P?i.status===401?"This e-mail and password do not belong together.":i.status===429?`Too many tries. ${yi(i.retryAfterS)}`:i.status===0?"The server does not answer. Check that it is running, then sign in again.":i.message:"Something unexpected happened. Please try again."}function yi(i){if(i===null)return"Please wait a moment, then try again.";let t=Math.ceil(i);return`Please wait ${t} ${t===1?"second":"seconds"}, then try again.`}var ae,zr,qr,Wt,Kr,z=class extends g{constructor(){super(...arguments);m(this,ae);this.code="";this.invitation=null;this.trouble="";this.busy=!1;this.failure="";m(this,Wt,e=>{e.preventDefault(),h(this,ae,Kr).call(this,this.nameInput.value.trim())})}firstUpdated(){ee(this)}render(){return a`<parley-frame><div class="welcome">
      ${Kt}
      <section class="card" aria-labelledby="title">${this.invitation?h(this,ae,zr).call(this,this.invitation):h(this,ae,qr).call(this)}</section>
    </div></parley-frame>`}};ae=new WeakSet,zr=function(e){return a`
      <header>
        <h2 id="title">You are invited to “${e.room_name}”</h2>
        <p class="muted">by ${e.tenant_name}. No account is needed.</p>
      </header>
      <form class="stack" @submit=${u(this,Wt)}>
        ${this.failure?a`<parley-banner tone="error">${this.failure}</parley-banner>`:c}
        ${I({id:"name",label:"Your name",hint:"Others see it, and the transcript keeps it."},a`
          <input id="name" name="name" autocomplete="name" maxlength="60" required autofocus .value=${Z("name")??""} aria-describedby="name-note">`)}
        <button class="button primary large wide" ?disabled=${this.busy}>${this.busy?"One moment…":"Continue"}</button>
      </form>
    `},qr=function(){return a`
      <header><h2 id="title">This invitation cannot be used</h2></header>
      <div class="stack">
        <p>${this.trouble||"It may have expired."} Ask for a new link, or sign in.</p>
        <a class="button large wide" href="/">Go to sign-in</a>
      </div>
    `},Wt=new WeakMap,Kr=async function(e){if(e!==""){this.busy=!0,this.failure="";try{let r=await Vi(this.code,e);X("name",e),this.dispatchEvent(new CustomEvent("signed-in",{detail:r}))}catch(r){this.failure=r instanceof P&&r.status===429?`Too many tries. ${yi(r.retryAfterS)}`:r instanceof P?r.message:"Something unexpected happened. Please try again."}finally{this.busy=!1}}},z.styles=[w,A,q,ne],l([y()],z.prototype,"code",2),l([y({attribute:!1})],z.prototype,"invitation",2),l([y()],z.prototype,"trouble",2),l([$()],z.prototype,"busy",2),l([$()],z.prototype,"failure",2),l([M("#name")],z.prototype,"nameInput",2),z=l([b("parley-guest")],z);var L,Fr,Br,Wr,He,Vr,Yr,tt,Vt,Yt,vi,it,Gr,U=class extends g{constructor(){super(...arguments);m(this,L);this.route=pi(location.pathname);this.session=null;this.deployment=null;this.invitation=null;this.call=null;this.phase="loading";this.trouble="";m(this,He,async()=>{this.phase="loading";try{[this.session,this.deployment]=await Promise.all([Bi(),Gi()]),await h(this,L,Vr).call(this),this.phase="ready"}catch(e){this.trouble=e instanceof P?e.message:"Something unexpected happened.",this.phase="away"}});m(this,tt,e=>{this.session=e.detail});m(this,Vt,()=>{this.session=null});m(this,Yt,e=>{if(this.session===null)return;let{room:r,name:n,withMicrophone:o,deviceId:s}=e.detail;h(this,L,vi).call(this,{roomName:r,identity:this.session.identity,name:n,withMicrophone:o,deviceId:s})});m(this,it,()=>{this.call=null})}connectedCallback(){super.connectedCallback(),window.addEventListener("popstate",()=>{h(this,L,Gr).call(this)}),u(this,He).call(this)}updated(){let e=this.call?.options.roomName??(this.session===null?"Sign in":"Lobby");document.title=this.phase==="ready"?`${e} · Parley`:"Parley"}render(){return this.phase==="loading"?a`<div class="wait" role="status"><p>One moment…</p></div>`:this.phase==="away"?h(this,L,Fr).call(this):this.call!==null?h(this,L,Wr).call(this,this.call):this.session===null?h(this,L,Br).call(this):a`<parley-lobby
      .session=${this.session} .deployment=${this.deployment} .room=${h(this,L,Yr).call(this,this.session)}
      @join=${u(this,Yt)} @signed-out=${u(this,Vt)}></parley-lobby>`}};L=new WeakSet,Fr=function(){return a`<div class="wait" role="alert">
      <h1>Parley is not answering</h1>
      <p>${this.trouble}</p>
      <button class="button primary" @click=${u(this,He)}>Try again</button>
    </div>`},Br=function(){return this.route.kind==="invite"?a`<parley-guest .code=${this.route.code} .invitation=${this.invitation} .trouble=${this.trouble}
        @signed-in=${u(this,tt)}></parley-guest>`:a`<parley-signin .demo=${this.deployment?.demo??null} @signed-in=${u(this,tt)}></parley-signin>`},Wr=function(e){return e.ending!==null?a`<parley-left .call=${e} @rejoin=${()=>h(this,L,vi).call(this,e.options)} @lobby=${u(this,it)}></parley-left>`:a`<parley-meeting .call=${e} .session=${this.session} .deployment=${this.deployment}
      @ended=${()=>this.requestUpdate()} @lobby=${u(this,it)}></parley-meeting>`},He=new WeakMap,Vr=async function(){if(this.invitation=null,this.trouble="",this.route.kind!=="invite")return;try{this.invitation=await Qi(this.route.code)}catch(o){if(!(o instanceof P)||o.isAway)throw o;this.trouble=o.message;return}let{room_name:e,tenant_name:r}=this.invitation;this.session?.tenant.name===r&&(this.session.roomName??e)===e?this.route={kind:"room",room:e}:this.session=null},Yr=function(e){return e.roomName!==null?e.roomName:this.route.kind==="room"?this.route.room:ur},tt=new WeakMap,Vt=new WeakMap,Yt=new WeakMap,vi=function(e){this.call=new Lt(e),this.route={kind:"room",room:e.roomName};let r=fr(e.roomName);this.session?.kind==="member"&&location.pathname!==r&&history.pushState(null,"",r)},it=new WeakMap,Gr=async function(){await this.call?.leave(),this.call=null,this.route=pi(location.pathname),await u(this,He).call(this)},U.styles=[w,A,f`
      :host { display: block; }
      .wait { display: grid; place-content: center; justify-items: center; gap: 1.25rem; min-height: 100svh; padding: 2rem; text-align: center; color: var(--ink-2); }
    `],l([$()],U.prototype,"route",2),l([$()],U.prototype,"session",2),l([$()],U.prototype,"deployment",2),l([$()],U.prototype,"invitation",2),l([$()],U.prototype,"call",2),l([$()],U.prototype,"phase",2),l([$()],U.prototype,"trouble",2),U=l([b("parley-app")],U);si();
